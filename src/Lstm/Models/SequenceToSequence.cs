using System.Numerics;
using Lstm.Data;
using Lstm.Optimizers;
using Lstm.Training;

namespace Lstm.Models;

/// <summary>
/// A model that reads a text and writes another: characters or words in, characters or words out, of any lengths. It is
/// trained on pairs of texts.
/// </summary>
/// <remarks>
/// One thread at a time may train it. Any number of threads may use it at once, but not while it is trained.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed partial class SequenceToSequence<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int LeastEpochs = 25;
    private const int LeastSteps = 1000;
    private const double DefaultClipNorm = 5;
    private const double DefaultLearningRate = 0.003;

    /// <summary>Makes a model that has learnt nothing yet.</summary>
    /// <param name="source">The tokens of the texts that it reads.</param>
    /// <param name="target">The tokens of the texts that it writes.</param>
    /// <param name="options">How it is made and trained; the defaults if null.</param>
    /// <exception cref="ArgumentNullException">A vocabulary is null.</exception>
    public SequenceToSequence(Vocabulary source, Vocabulary target, SequenceToSequenceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        (Source, Target) = (source, target);
        Network = new EncoderDecoder<T>(source.Count, target.Count, options);
    }

    /// <summary>The tokens of the texts that it reads.</summary>
    public Vocabulary Source { get; }

    /// <summary>The tokens of the texts that it writes.</summary>
    public Vocabulary Target { get; }

    /// <summary>How it was made and is trained.</summary>
    public SequenceToSequenceOptions Options => Network.Options;

    /// <summary>The network, over the indices of the tokens.</summary>
    public EncoderDecoder<T> Network { get; }

    /// <summary>
    /// The tokens after which a text is cut off that the model does not end itself, unless
    /// <see cref="DecodingOptions.MaximumLength"/> is set; at least 1. Training sets it to the length of the longest
    /// target, if that is more.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaximumLength { get; set => field = Guard.Positive(value, nameof(MaximumLength)); } = 1;

    /// <summary>The most threads that a call may use, from 1; the number of processors unless set. It changes no result.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Threads
    {
        get => Network.Threads;
        set => Network.Threads = value;
    }

    /// <summary>Makes a model with the tokens that occur in pairs of texts. It has learnt nothing yet.</summary>
    /// <param name="pairs">The pairs, with at least one token among their sources and one among their targets.</param>
    /// <param name="kind">Whether the texts are taken as characters or words.</param>
    /// <param name="options">How it is made and trained; the defaults if null.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentNullException">The list or a pair is null.</exception>
    /// <exception cref="ArgumentException">The list is empty, or there is no token in the sources or in the targets.</exception>
    public static SequenceToSequence<T> ForTexts(
        IReadOnlyList<TextPair> pairs, TokenKind kind = TokenKind.Character, SequenceToSequenceOptions? options = null)
    {
        Check(pairs);
        Vocabulary Of(Func<TextPair, string> text)
        {
            string all = string.Join(kind == TokenKind.Word ? " " : string.Empty, pairs.Select(text));
            return kind == TokenKind.Word ? Vocabulary.OfWords(all) : Vocabulary.OfCharacters(all);
        }

        return new SequenceToSequence<T>(Of(pair => pair.Source), Of(pair => pair.Target), options);
    }

    /// <summary>Trains the model.</summary>
    /// <param name="pairs">The pairs to learn; at least one.</param>
    /// <param name="validation">Pairs to measure it by after each epoch, which it does not learn; none if null.</param>
    /// <param name="training">
    /// How it is trained; if null, 25 epochs, or as many as make 1,000 steps if that is more, with gradients clipped at a norm of
    /// 5 and a learning rate that falls along a cosine.
    /// </param>
    /// <param name="optimizer">What changes the weights; Adam at a rate of 0.003 if null.</param>
    /// <param name="progress">
    /// Receives a report of each step, validation and epoch; the metric is the share of the targets that are written
    /// right.
    /// </param>
    /// <param name="cancellation">Stops the training between two steps.</param>
    /// <returns>The history of the training.</returns>
    /// <exception cref="ArgumentNullException">The list or a pair is null.</exception>
    /// <exception cref="ArgumentException">
    /// The list is empty, a source has no token, or a text has a token that is not in the vocabulary.
    /// </exception>
    /// <exception cref="Losses.NonFiniteLossException">The loss became NaN or infinite.</exception>
    public TrainingReport Fit(
        IReadOnlyList<TextPair> pairs,
        IReadOnlyList<TextPair>? validation = null,
        TrainerOptions? training = null,
        Optimizer<T>? optimizer = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        TokenPair[] learnt = Encode(pairs);
        PairBatches<T> batches = Batches(learnt, Options.Seed);
        PairBatches<T>? measured = validation is null ? null : Batches(Encode(validation), null);
        MaximumLength = Math.Max(MaximumLength, learnt.Max(pair => pair.Target.Count));
        var trainer = new Trainer<T>(
            optimizer ?? new AdamOptimizer<T>(new AdamOptions { LearningRate = DefaultLearningRate }),
            training ?? new TrainerOptions
            {
                Epochs = DefaultEpochs.For(batches.Count, LeastEpochs, LeastSteps),
                ClipNorm = DefaultClipNorm,
                Schedule = new CosineSchedule(),
            });
        return trainer.Fit(new SequenceToSequenceObjective<T>(Network), batches, measured, progress, cancellation);
    }

    /// <summary>The share of targets that greedy search writes without a mistake.</summary>
    /// <param name="pairs">The pairs; at least one.</param>
    /// <returns>From 0 to 1.</returns>
    /// <exception cref="ArgumentNullException">The list or a pair is null.</exception>
    /// <exception cref="ArgumentException">
    /// The list is empty, a source has no token, or a text has a token that is not in the vocabulary.
    /// </exception>
    public double Accuracy(IReadOnlyList<TextPair> pairs)
    {
        var objective = new SequenceToSequenceObjective<T>(Network);
        return objective.Metric(Trainer<T>.Evaluate(objective, Batches(Encode(pairs), null)));
    }

    /// <summary>Writes the target of a source.</summary>
    /// <param name="source">The text to read; at least one token.</param>
    /// <param name="options">How the target is searched for; greedily if null.</param>
    /// <returns>The best target found.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentException">The source is empty, or has a token that is not in the vocabulary.</exception>
    /// <exception cref="ArithmeticException">The network gives NaN or infinity.</exception>
    public string Generate(string source, DecodingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Generate([source], options)[0];
    }

    /// <summary>Writes the targets of several sources, a batch at a time.</summary>
    /// <param name="sources">The texts to read; at least one token each.</param>
    /// <param name="options">How the targets are searched for; greedily if null.</param>
    /// <returns>The best target found for each.</returns>
    /// <exception cref="ArgumentNullException">The list or a source is null.</exception>
    /// <exception cref="ArgumentException">A source is empty, or has a token that is not in the vocabulary.</exception>
    /// <exception cref="ArithmeticException">The network gives NaN or infinity.</exception>
    public string[] Generate(IReadOnlyList<string> sources, DecodingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(sources);
        int[][] tokens = [.. sources.Select(source => EncodeSource(source, nameof(sources)))];
        return
        [
            .. tokens.Chunk(Options.BatchSize)
                .SelectMany(batch => Network.Search(LayOut(batch), MaximumLength, options))
                .Select(found => Target.Decode(found[0].Tokens)),
        ];
    }

    /// <summary>Searches for the most likely targets of a source.</summary>
    /// <param name="source">The text to read; at least one token.</param>
    /// <param name="options">How to search; greedily if null. The beam's width is the number of targets, at most.</param>
    /// <returns>The targets as texts, each with its probability and score, the best first.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentException">The source is empty, or has a token that is not in the vocabulary.</exception>
    /// <exception cref="ArithmeticException">The network gives NaN or infinity.</exception>
    public IReadOnlyList<(string Text, Hypothesis Hypothesis)> Search(string source, DecodingOptions? options = null) =>
    [
        .. Network.Search(LayOut([EncodeSource(source, nameof(source))]), MaximumLength, options)[0]
            .Select(found => (Target.Decode(found.Tokens), found)),
    ];

    /// <summary>Writes the target of a source greedily, and gives each token as soon as it is known.</summary>
    /// <param name="source">The text to read; at least one token. This call reads it.</param>
    /// <returns>
    /// The tokens up to the end of the target, or <see cref="MaximumLength"/> of them. Each is computed when it is asked
    /// for.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentException">The source is empty, or has a token that is not in the vocabulary.</exception>
    public IEnumerable<string> Stream(string source)
    {
        Sequence<T> read = LayOut([EncodeSource(source, nameof(source))]);
        return Enumerate();

        IEnumerable<string> Enumerate()
        {
            var run = new DecoderRun<T>(Network, read);
            var sampler = new TokenSampler<T>(SamplingOptions.Greedy, new Random(0));
            for (int n = 0; n < MaximumLength; n++)
            {
                int token = sampler.Sample(run.Step());
                if (token == Network.Boundary)
                {
                    yield break;
                }

                yield return Target[token];
                run.Tokens[0] = token;
            }
        }
    }

    /// <summary>Says what the model is.</summary>
    /// <returns>Its vocabularies and its network, line by line.</returns>
    public override string ToString() => string.Join(
        Environment.NewLine, $"SequenceToSequence<{typeof(T).Name}>", $"Source: {Source}", $"Target: {Target}", Network);

    private static void Check(IReadOnlyList<TextPair> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        Guard.Shape(pairs.Count > 0, "a list of at least one pair", "empty", nameof(pairs));
        foreach (TextPair pair in pairs)
        {
            ArgumentNullException.ThrowIfNull(pair, nameof(pairs));
        }
    }

    private TokenPair[] Encode(IReadOnlyList<TextPair> pairs)
    {
        Check(pairs);
        return [.. pairs.Select(pair => new TokenPair(EncodeSource(pair.Source, nameof(pairs)), Target.Encode(pair.Target)))];
    }

    private int[] EncodeSource(string source, string name)
    {
        ArgumentNullException.ThrowIfNull(source, name);
        int[] tokens = Source.Encode(source);
        Guard.Shape(tokens.Length > 0, "of at least one token to read", "empty", name);
        return tokens;
    }

    private Sequence<T> LayOut(IReadOnlyList<int[]> sources) => PairBatch<T>.LayOutSources(sources, Options.ReverseSource);

    private PairBatches<T> Batches(TokenPair[] pairs, int? shuffleSeed) =>
        new(pairs, Options.BatchSize, Network.Boundary, Options.ReverseSource, shuffleSeed);
}
