using System.Numerics;
using Lstm.Data;
using Lstm.Layers;
using Lstm.Losses;
using Lstm.Metrics;
using Lstm.Optimizers;
using Lstm.Training;

namespace Lstm.Models;

/// <summary>
/// A model of texts, character by character or word by word: from all tokens so far it gives the probability of each token
/// to come. It learns from a text, says how well it predicts another, and continues a third.
/// </summary>
/// <remarks>
/// <para>
/// A token's vector (embedding) goes through a stack of LSTM layers and an output layer to a logit for each token of the
/// vocabulary: <c>p(next) = softmax(V hₜ + b)</c>. The layers are those of the library, and are open in
/// <see cref="Network"/>.
/// </para>
/// <para>
/// Any number of threads may use a model at the same time, but not while it is trained.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed partial class LanguageModel<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The steps computed at once when a text is scored: enough to keep the product of the output layer efficient.</summary>
    private const int ScoredSteps = 128;

    // How a text is cut and learnt by default; few streams of a short text, so that there are steps to learn by.
    private const int DefaultChunks = 100;
    private const int MostStreams = 32;
    private const int LeastEpochs = 10;
    private const int LeastSteps = 2000;
    private const double DefaultLearningRate = 0.004;

    private readonly TokenGenerator<T> _generator;

    /// <summary>Makes a model with random weights.</summary>
    /// <param name="vocabulary">The tokens, characters or words.</param>
    /// <param name="options">How the model is made; the defaults if null.</param>
    /// <exception cref="ArgumentNullException"><paramref name="vocabulary"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// <see cref="LanguageModelOptions.Tied"/> is on, and the embedding has not as many numbers as there are hidden units.
    /// </exception>
    public LanguageModel(Vocabulary vocabulary, LanguageModelOptions? options = null)
        : this(Guard.NotNull(vocabulary), options ??= new LanguageModelOptions(), LanguageNetwork.Create<T>(vocabulary, options))
    {
    }

    private LanguageModel(Vocabulary vocabulary, LanguageModelOptions options, Network<T> network)
    {
        (Vocabulary, Options, Network) = (vocabulary, options, network);
        _generator = new TokenGenerator<T>(network);
    }

    /// <summary>The tokens that the model knows.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>How the model was made.</summary>
    public LanguageModelOptions Options { get; }

    /// <summary>The layers: from the index of a token to the logits of the next.</summary>
    public Network<T> Network { get; }

    /// <summary>The most threads that a call may use; see <see cref="Layer{T}.Threads"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Threads
    {
        get => Network.Threads;
        set => Network.Threads = value;
    }

    /// <summary>Learns a text, from where the model is: a second call goes on from the first.</summary>
    /// <param name="text">The text, of tokens of the vocabulary; at least two.</param>
    /// <param name="validation">
    /// Another text, by which the weights of the best epoch are chosen; those of the last epoch are kept if null.
    /// </param>
    /// <param name="training">How to train; the defaults if null.</param>
    /// <param name="optimizer">What changes the weights; Adam with a learning rate of 0.004 if null.</param>
    /// <param name="progress">Receives a report after each step, validation and epoch; none is made if null.</param>
    /// <param name="cancellation">Stops the training between two steps and leaves a model that can be used.</param>
    /// <returns>The history of all epochs, and why the training ended.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// A text has fewer than two tokens, or one that is not in the vocabulary, which has none for the unknown.
    /// </exception>
    /// <exception cref="ArithmeticException">The loss or a gradient became NaN or infinite.</exception>
    public TrainingReport Fit(
        string text,
        string? validation = null,
        LanguageModelTraining? training = null,
        Optimizer<T>? optimizer = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        training ??= new LanguageModelTraining();
        int[] tokens = Encode(text, nameof(text));
        int[]? held = validation is null ? null : Encode(validation, nameof(validation));
        var loss = new SoftmaxCrossEntropy<T>(training.SumsSteps ? Reduction.SumOverSteps : Reduction.Mean)
        {
            Threads = Threads,
        };
        var objective = new NetworkObjective<T>(
            Network, loss, new PerplexityMetric<T>(), carryState: true, itemName: "tokens");
        int streams = training.BatchSize ?? (int)Math.Clamp(tokens.Length / ((long)training.Steps * DefaultChunks), 1, MostStreams);
        var source = new TokenStreams<T>(tokens, training.Steps, Math.Min(streams, tokens.Length - 1));
        var trainer = new Trainer<T>(
            optimizer ?? new AdamOptimizer<T>(new AdamOptions { LearningRate = DefaultLearningRate }) { Threads = Threads },
            training.Trainer ?? new TrainerOptions
            {
                Epochs = DefaultEpochs.For(source.Count, LeastEpochs, LeastSteps),
                ClipNorm = 1,
                Schedule = new CosineSchedule { FinalFactor = 0.05 },
            });
        return trainer.Fit(
            objective,
            source,
            held is null ? null : new TokenStreams<T>(held, training.Steps, 1),
            progress,
            cancellation);
    }

    /// <summary>
    /// How well the model predicts a text: <c>exp(−mean log p)</c> over all its tokens but the first, each predicted from all
    /// before it. Choosing among this many equally likely tokens would be as hard.
    /// </summary>
    /// <param name="text">The text, of tokens of the vocabulary; at least two.</param>
    /// <returns>The perplexity, at least 1.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The text has fewer than two tokens, or one that is not in the vocabulary, which has none for the unknown.
    /// </exception>
    public double Perplexity(string text) => Math.Exp(-LogProbabilities(text).Average());

    /// <summary>How likely each token of a text was, from all before it.</summary>
    /// <param name="text">The text, of tokens of the vocabulary; at least two.</param>
    /// <returns>
    /// The natural logarithm of the probability of each token but the first: element n is that of token n + 1.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The text has fewer than two tokens, or one that is not in the vocabulary, which has none for the unknown.
    /// </exception>
    public IReadOnlyList<double> LogProbabilities(string text)
    {
        int[] tokens = Encode(text, nameof(text));
        double[] logarithms = new double[tokens.Length - 1];
        LayerState<T> state = Network.CreateState(1);
        for (int start = 0; start < logarithms.Length; start += ScoredSteps)
        {
            int steps = Math.Min(ScoredSteps, logarithms.Length - start);
            T[] inputs = [.. tokens.AsSpan(start, steps).ToArray().Select(T.CreateTruncating)];
            Sequence<T> logits = Network.Infer(new Sequence<T>(steps, 1, 1, inputs), state);
            for (int t = 0; t < steps; t++)
            {
                logarithms[start + t] = Softmax.LogProbability<T>(logits.At(t, 0), tokens[start + t + 1]);
            }
        }

        return logarithms;
    }

    /// <summary>Continues a text.</summary>
    /// <param name="prompt">The text to continue, of tokens of the vocabulary; at least one. This call reads it.</param>
    /// <param name="sampling">How tokens are chosen; drawn from the model's distribution as it is if null.</param>
    /// <param name="stop">The text stops once it ends with this, which is still part of it; without end if null.</param>
    /// <param name="seed">The random numbers follow only from it.</param>
    /// <returns>
    /// What comes after the prompt, token by token, each computed when it is asked for; <c>string.Concat</c> makes a text of
    /// them. Take as many as are wanted, even with <paramref name="stop"/>, which a model may never write. Each enumeration
    /// gives the same ones.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="prompt"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The prompt has no token, or one that is not in the vocabulary, which has none for the unknown; or
    /// <paramref name="stop"/> is empty. Later, on enumeration: the model gives NaN or infinity.
    /// </exception>
    public IEnumerable<string> Generate(
        string prompt, SamplingOptions? sampling = null, string? stop = null, int seed = 0)
    {
        Guard.Shape(stop is not "", "a text of a character or more", "empty", nameof(stop));
        int[] tokens = Vocabulary.Encode(prompt);
        Guard.Shape(tokens.Length > 0, "a text of a token or more", "empty", nameof(prompt));
        return Texts(_generator.Generate(tokens, sampling, seed), stop);
    }

    /// <summary>Starts a stream of tokens, for a service that reads and writes texts bit by bit.</summary>
    /// <param name="sampling">How tokens are chosen; drawn from the model's distribution as it is if null.</param>
    /// <param name="seed">The random numbers follow only from it.</param>
    /// <returns>A stream with a state of its own.</returns>
    public LanguageStream<T> OpenStream(SamplingOptions? sampling = null, int seed = 0) =>
        new(this, sampling ?? new SamplingOptions(), seed);

    /// <summary>Says what the model is.</summary>
    /// <returns>Its vocabulary, layers and number of parameters.</returns>
    public override string ToString() =>
        $"LanguageModel<{typeof(T).Name}>, {Vocabulary}, {Options.Layers} × {Options.HiddenUnits} hidden units, "
        + $"{Network.ParameterCount} parameters";

    private IEnumerable<string> Texts(IEnumerable<int> tokens, string? stop)
    {
        // Only as much of the text as may be the start of the stop text.
        string tail = string.Empty;
        foreach (int token in tokens)
        {
            string text = Vocabulary.Kind == TokenKind.Word ? " " + Vocabulary[token] : Vocabulary[token];
            yield return text;
            if (stop is not null)
            {
                tail += text;
                if (tail.EndsWith(stop, StringComparison.Ordinal))
                {
                    yield break;
                }

                tail = tail[Math.Max(0, tail.Length - stop.Length)..];
            }
        }
    }

    private int[] Encode(string text, string name)
    {
        ArgumentNullException.ThrowIfNull(text, name);
        int[] tokens = Vocabulary.Encode(text);
        Guard.Shape(tokens.Length > 1, "a text of two tokens or more", $"of {tokens.Length}", name);
        return tokens;
    }
}
