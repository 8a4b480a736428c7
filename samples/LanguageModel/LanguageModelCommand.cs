using System.CommandLine;
using Samples.Common;
using static Samples.Common.CommandLine;

namespace LanguageModel;

/// <summary>The command line.</summary>
public sealed class LanguageModelCommand
{
    private const string None = "none";
    private static readonly Settings Standard = new();

    private readonly Argument<string?> _file = new("file")
    {
        Description = "The text to learn, as --train; the library's own source files if there is none",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string> _config = Text(
        "--config", $"Published settings, which other options change: {string.Join(", ", Configurations.ByName.Keys)}", None);

    private readonly Option<string?> _train = CommandLine.Path("--train", "The text to learn");
    private readonly Option<string?> _valid = CommandLine.Path("--valid", "The text by which the best epoch is chosen");
    private readonly Option<string?> _test = CommandLine.Path("--test", "The text that the result is measured on");
    private readonly Option<double> _heldBack = Number(
        "--held-back", "The share of the text that is held back for each of these two, unless given", Standard.HeldBack, 0.001, 0.4);

    private readonly Option<TokenUnit> _tokens = Choice("--tokens", "What a text is cut into", Standard.Tokens);
    private readonly Option<int> _vocabulary = Number(
        "--vocabulary", "The most tokens of the vocabulary", Standard.Vocabulary, 2, 1_000_000);

    private readonly Option<int> _hidden = Number("--hidden", "The hidden units of a layer", Standard.Hidden, 1, 8192);
    private readonly Option<int> _layers = Number("--layers", "The LSTM layers", Standard.Layers, 1, 32);
    private readonly Option<int> _embedding = Number(
        "--embedding", "The numbers that stand for a token: -1 for as many as hidden units, 0 for one-hot", Standard.Embedding, -1, 8192);

    private readonly Option<double> _dropout = Number("--dropout", "The share that training drops", Standard.Dropout, 0, 0.95);
    private readonly Option<bool> _tied = new("--tied") { Description = "Give the output layer the embedding's weights" };
    private readonly Option<double> _range = Number(
        "--init-range", "r to draw all weights from U(-r, r); 0 for the layers' own ways", Standard.InitialRange, 0, 10);

    private readonly Option<double?> _forgetBias = NumberOrNone<double>(
        "--forget-bias", "The forget gates' bias at the start; 1, or drawn with --init-range, if not given", -100, 100);

    private readonly Option<int> _steps = Number("--steps", "The steps that gradients run back", Standard.Steps, 1, 10_000);
    private readonly Option<int> _batch = Number("--batch", "The streams read side by side", Standard.Batch, 1, 10_000);
    private readonly Option<int> _epochs = Number("--epochs", "How often to go through the text", Standard.Epochs, 1, 100_000);
    private readonly Option<OptimizerKind> _optimizer = Choice("--optimizer", "What changes the weights", Standard.Optimizer);
    private readonly Option<double> _rate = Number(
        "--learning-rate", "The learning rate at the start", Standard.LearningRate, 0, 1e100);

    private readonly Option<RateDecay> _decay = Choice("--decay", "How the learning rate falls", Standard.Decay);
    private readonly Option<int> _constantEpochs = Number(
        "--constant-epochs", "The epochs before the rate is divided", Standard.ConstantEpochs, 1, 100_000);

    private readonly Option<double> _divisor = Number(
        "--divisor", "What it is divided by before each epoch after them", Standard.Divisor, 1, 1e6);

    private readonly Option<double> _clip = Number("--clip", "The limit of the gradient; 0 for none", Standard.Clip, 0, 1e30);
    private readonly Option<ClipKind> _clipBy = Choice("--clip-by", "What of the gradient is limited", Standard.ClipBy);
    private readonly Option<LossKind> _loss = Choice(
        "--loss", "The loss of a chunk, over its steps, whose gradient is clipped and followed", Standard.Loss);

    private readonly Option<int> _seed = Number("--seed", "The seed", Standard.Seed, int.MinValue, int.MaxValue);
    private readonly Option<int> _threads = Number("--threads", "The most threads", Standard.Threads, 1, 1024);
    private readonly Option<string> _model = Text("--model", "The file to save the model to", Standard.Model);
    private readonly Option<string?> _load = CommandLine.Path("--load", "A saved model to generate from, without training");
    private readonly Option<string?> _prompt = new("--prompt")
    {
        Description = "What generated texts go on from; the start of a line unless given",
        HelpName = "text",
    };

    private readonly Option<int> _length = Number("--length", "The tokens to generate", Standard.Length, 0, 1_000_000);
    private readonly Option<double> _temperature = Number(
        "--temperature", "Below 1 likely tokens become more likely; 0 takes the likeliest", Standard.Temperature, 0, 1000);

    private readonly Option<int> _topK = Number("--top-k", "Choose among so many tokens; 0 for all", Standard.TopK, 0, 1_000_000);
    private readonly Option<double> _topP = Number(
        "--top-p", "Choose among the tokens that have this share of the probability", Standard.TopP, 0.001, 1);

    private LanguageModelCommand()
    {
    }

    /// <summary>Runs the program.</summary>
    /// <param name="args">The options.</param>
    /// <param name="output">Where the progress and the texts go.</param>
    /// <param name="error">Where it says what went wrong.</param>
    /// <param name="cancellation">Ends the training and keeps what has been learnt.</param>
    /// <returns>0; 1 if training failed, 2 if an option or a text is bad.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error, CancellationToken cancellation = default)
    {
        var command = new LanguageModelCommand();
        return CommandLine.Run(
            command.Create(settings => new LanguageModelProgram(settings, output, cancellation).Run()), args, output, error);
    }

    private RootCommand Create(Func<Settings, int> run)
    {
        var command = new RootCommand("Trains a language model on a text, measures it, and lets it write.")
        {
            _file, _config, _train, _valid, _test, _heldBack, _tokens, _vocabulary, _hidden, _layers, _embedding, _dropout, _tied,
            _range, _forgetBias, _steps, _batch, _epochs, _optimizer, _rate, _decay, _constantEpochs, _divisor, _clip, _clipBy, _loss,
            _seed, _threads, _model, _load, _prompt, _length, _temperature, _topK, _topP,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(_config) is { } config && config != None && !Configurations.ByName.ContainsKey(config))
            {
                result.AddError($"--config must be one of {string.Join(", ", Configurations.ByName.Keys)}, but is '{config}'.");
            }

            if (result.GetValue(_file) is not null && result.GetValue(_train) is not null)
            {
                result.AddError("The text to learn is given twice, as an argument and with --train.");
            }

            string?[] texts = [result.GetValue(_file), result.GetValue(_train), result.GetValue(_valid), result.GetValue(_test)];
            if (result.GetValue(_load) is not null && texts.Any(text => text is not null))
            {
                result.AddError("--load generates from a saved model, without a text to learn or to measure by.");
            }
        });
        command.SetAction(result => run(Read(result)));
        return command;
    }

    /// <summary>What is given; what is not is as in the published settings, or the standard.</summary>
    private Settings Read(ParseResult result)
    {
        Settings set = Configurations.ByName.GetValueOrDefault(result.GetRequiredValue(_config), Standard);
        T Value<T>(Option<T> option, T standard) =>
            result.GetResult(option) is { Implicit: false } ? result.GetRequiredValue(option) : standard;
        return set with
        {
            Train = result.GetValue(_file) ?? result.GetValue(_train),
            Valid = result.GetValue(_valid),
            Test = result.GetValue(_test),
            HeldBack = Value(_heldBack, set.HeldBack),
            Tokens = Value(_tokens, set.Tokens),
            Vocabulary = Value(_vocabulary, set.Vocabulary),
            Hidden = Value(_hidden, set.Hidden),
            Layers = Value(_layers, set.Layers),
            Embedding = Value(_embedding, set.Embedding),
            Dropout = Value(_dropout, set.Dropout),
            Tied = result.GetValue(_tied) || set.Tied,
            InitialRange = Value(_range, set.InitialRange),
            ForgetBias = result.GetValue(_forgetBias) ?? set.ForgetBias,
            Steps = Value(_steps, set.Steps),
            Batch = Value(_batch, set.Batch),
            Epochs = Value(_epochs, set.Epochs),
            Optimizer = Value(_optimizer, set.Optimizer),
            LearningRate = Value(_rate, set.LearningRate),
            Decay = Value(_decay, set.Decay),
            ConstantEpochs = Value(_constantEpochs, set.ConstantEpochs),
            Divisor = Value(_divisor, set.Divisor),
            Clip = Value(_clip, set.Clip),
            ClipBy = Value(_clipBy, set.ClipBy),
            Loss = Value(_loss, set.Loss),
            Seed = Value(_seed, set.Seed),
            Threads = Value(_threads, set.Threads),
            Model = Value(_model, set.Model),
            Load = result.GetValue(_load),
            Prompt = result.GetValue(_prompt),
            Length = Value(_length, set.Length),
            Temperature = Value(_temperature, set.Temperature),
            TopK = Value(_topK, set.TopK),
            TopP = Value(_topP, set.TopP),
        };
    }
}
