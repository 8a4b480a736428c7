using Lstm.Data;
using Lstm.Interchange;
using Lstm.Models;
using Lstm.Optimizers;
using Lstm.Training;
using Samples.Common;

namespace LanguageModel;

/// <summary>Trains a model, saves it, measures it, and generates from the saved one.</summary>
public sealed class LanguageModelProgram
{
    /// <summary>What stands for a token that the training text does not have.</summary>
    private const string UnknownWord = "<unk>";
    private const string UnknownCharacter = "\uFFFD";

    private readonly Settings _settings;
    private readonly TextWriter _output;
    private readonly CancellationToken _cancellation;

    public LanguageModelProgram(Settings settings, TextWriter output, CancellationToken cancellation) =>
        (_settings, _output, _cancellation) = (settings, output, cancellation);

    /// <summary>Runs the program.</summary>
    /// <returns>0; 1 if training failed.</returns>
    /// <exception cref="DataException">A text or the saved model cannot be used.</exception>
    public int Run()
    {
        if (_settings.Load is not null)
        {
            LanguageModel<float> loaded = Load(_settings.Load);
            CheckPrompt(loaded);
            _output.WriteLine(loaded);
            Generate(loaded);
            return 0;
        }

        OutputFile.Check(_settings.Model);
        Corpus corpus = Corpus.Read(_settings);
        LanguageModel<float> model = Create(corpus);
        CheckPrompt(model);
        _output.WriteLine($"Learning {corpus.Source}");
        _output.WriteLine(model.Network);
        Train(model, corpus);
        OutputFile.Write(_settings.Model, model.Save);
        _output.WriteLine($"Saved to {_settings.Model}, and read again, it writes:");
        LanguageModel<float> saved = Load(_settings.Model);
        Generate(saved);
        Measure(saved, "valid", corpus.Valid);
        Measure(saved, "test", corpus.Test);
        return 0;
    }

    private static LanguageModel<float> Load(string file)
    {
        try
        {
            return LanguageModel<float>.Load(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ModelFormatException)
        {
            throw new DataException($"'{file}' cannot be loaded. {exception.Message}", exception);
        }
    }

    private LanguageModel<float> Create(Corpus corpus)
    {
        try
        {
            Vocabulary vocabulary = _settings.Tokens == TokenUnit.Words
                ? Vocabulary.OfWords(corpus.Train, maximumSize: _settings.Vocabulary, unknown: UnknownWord)
                : Vocabulary.OfCharacters(corpus.Train, UnknownCharacter);
            foreach ((string name, string text) in new[] { ("learn", corpus.Train), ("validate on", corpus.Valid), ("test on", corpus.Test) })
            {
                int count = vocabulary.Encode(text).Length;
                if (count < 2)
                {
                    throw new DataException($"The text to {name} must have two tokens or more, but has {count}.");
                }
            }

            var model = new LanguageModel<float>(vocabulary, new LanguageModelOptions
            {
                HiddenUnits = _settings.Hidden,
                Layers = _settings.Layers,
                EmbeddingSize = _settings.Embedding < 0 ? null : _settings.Embedding,
                Dropout = _settings.Dropout,
                Tied = _settings.Tied,
                InitialRange = _settings.InitialRange == 0 ? null : _settings.InitialRange,
                ForgetBias = _settings.ForgetBias,
                Seed = _settings.Seed,
            })
            {
                Threads = _settings.Threads,
            };
            return model;
        }
        catch (ArgumentException exception)
        {
            // A text without a word; --tied with an embedding of another size.
            throw DataException.Refused("The text and the options do not go together:", exception);
        }
    }

    private void Train(LanguageModel<float> model, Corpus corpus)
    {
        Optimizer<float> optimizer = _settings.Optimizer switch
        {
            OptimizerKind.Sgd => new SgdOptimizer<float>(new SgdOptions { LearningRate = _settings.LearningRate }),
            OptimizerKind.RmsProp => new RmsPropOptimizer<float>(
                new RmsPropOptions { LearningRate = _settings.LearningRate, Smoothing = 0.95 }),
            OptimizerKind.AdamW => new AdamWOptimizer<float>(new AdamWOptions { LearningRate = _settings.LearningRate }),
            _ => new AdamOptimizer<float>(new AdamOptions { LearningRate = _settings.LearningRate }),
        };
        _output.WriteLine(optimizer);
        double? clip = _settings.Clip == 0 ? null : _settings.Clip;
        var training = new LanguageModelTraining
        {
            Steps = _settings.Steps,
            BatchSize = _settings.Batch,
            SumsSteps = _settings.Loss == LossKind.Sum,
            Trainer = new TrainerOptions
            {
                Epochs = _settings.Epochs,
                ClipNorm = _settings.ClipBy == ClipKind.Norm ? clip : null,
                ClipValue = _settings.ClipBy == ClipKind.Value ? clip : null,
                Schedule = _settings.Decay switch
                {
                    RateDecay.Divide => new ZarembaSchedule
                    {
                        ConstantEpochs = _settings.ConstantEpochs,
                        Divisor = _settings.Divisor,
                    },
                    RateDecay.Cosine => new CosineSchedule { FinalFactor = 0.01 },
                    _ => Schedule.Constant,
                },
            },
        };
        var view = TrainingView.Create(_output, () => string.Concat(Sample(model)));
        TrainingReport report = view.Watch(progress =>
            model.Fit(corpus.Train, corpus.Valid, training, optimizer, progress, _cancellation));
        double seconds = report.History.Sum(epoch => epoch.Elapsed.TotalSeconds);
        double tokens = report.History.Sum(epoch => epoch.ItemsPerSecond * epoch.Elapsed.TotalSeconds);
        string ended = report.StopReason == StopReason.Cancelled ? "stopped" : "done";
        _output.WriteLine($"{ended} after {report.History.Count} epochs, the best {report.BestEpoch}; {tokens / Math.Max(seconds, 1e-9):F0} tokens/s");
    }

    private void Measure(LanguageModel<float> model, string name, string text)
    {
        double nats = -model.LogProbabilities(text).Average();
        _output.WriteLine($"{name} loss {nats:F4} nats, {nats / Math.Log(2):F4} bits a token");
        _output.WriteLine($"{name} perplexity {Math.Exp(nats):F3}");
    }

    private void Generate(LanguageModel<float> model)
    {
        foreach (string text in Sample(model))
        {
            _output.Write(text);
            _output.Flush();
        }

        _output.WriteLine();
    }

    /// <summary>A text from the model; words in lines as the sentences end.</summary>
    private IEnumerable<string> Sample(LanguageModel<float> model)
    {
        var sampling = new SamplingOptions
        {
            Temperature = _settings.Temperature,
            TopK = _settings.TopK == 0 ? null : _settings.TopK,
            TopP = _settings.TopP,
        };
        string ending = " " + Sentences.End;
        return model.Generate(Prompt(model), sampling, seed: _settings.Seed)
            .Take(_settings.Length)
            .Select(text => text == ending ? Environment.NewLine : text)
            .Prepend(_settings.Prompt ?? string.Empty);
    }

    /// <summary>What is given, or the start of a line, or else the first token of the vocabulary.</summary>
    private string Prompt(LanguageModel<float> model)
    {
        string start = model.Vocabulary.Kind == TokenKind.Word ? Sentences.End : "\n";
        return _settings.Prompt ?? (model.Vocabulary.TryGetIndex(start, out _) ? start : model.Vocabulary[0]);
    }

    private void CheckPrompt(LanguageModel<float> model)
    {
        if (model.Vocabulary.Encode(Prompt(model)).Length == 0)
        {
            throw new DataException("--prompt must have a token or more.");
        }
    }
}
