using System.Numerics;
using Lstm.Data;
using Lstm.Layers;
using Lstm.Losses;
using Lstm.Metrics;
using Lstm.Optimizers;
using Lstm.Training;

namespace Lstm.Models;

/// <summary>
/// Decides which of a few labels a sequence has: who speaks, what a sensor sees. The sequences may be of any length. Features
/// are scaled by what was learnt from the training data; the layers are LSTMs, a summary of their steps, and a softmax over
/// the labels.
/// </summary>
/// <remarks>
/// One thread at a time may train it. Any number of threads may use it at once, but not while it is trained.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TLabel">What the labels are: texts, numbers, the names of an enumeration.</typeparam>
public sealed partial class SequenceClassifier<T, TLabel>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLabel : notnull
{
    private const int DefaultEpochs = 40;
    private const double DefaultClipNorm = 1;
    private const double DefaultLearningRate = 0.005;

    private readonly Dictionary<TLabel, int> _indices;

    private SequenceClassifier(
        IReadOnlyList<TLabel> labels, FeatureScaling scaling, Network<T> network, SequenceClassifierOptions options)
    {
        (Labels, Scaling, Network, Options) = (labels, scaling, network, options);
        _indices = labels.Select((label, n) => (label, n)).ToDictionary(pair => pair.label, pair => pair.n);
    }

    /// <summary>The labels, in the order of the probabilities.</summary>
    public IReadOnlyList<TLabel> Labels { get; }

    /// <summary>How features are scaled.</summary>
    public FeatureScaling Scaling { get; }

    /// <summary>The network, from scaled features to a logit for each label.</summary>
    public Network<T> Network { get; }

    /// <summary>How it was made and is trained.</summary>
    public SequenceClassifierOptions Options { get; }

    /// <summary>The most threads that a call may use, from 1; the number of processors unless set. It changes no result.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Threads
    {
        get => Network.Threads;
        set => Network.Threads = value;
    }

    /// <summary>
    /// Makes a model for the labels and features of training data, from which it learns the scaling. The weights are
    /// random.
    /// </summary>
    /// <param name="examples">The training data; at least two labels, and the same features throughout.</param>
    /// <param name="options">How it is made and trained; the defaults if null.</param>
    /// <returns>The model, to be trained with <see cref="Fit"/>.</returns>
    /// <exception cref="ArgumentNullException">The list, an example or a part of one is null.</exception>
    /// <exception cref="ArgumentException">
    /// There are fewer than two labels, an example has several sequences, the features differ, or a number is infinite.
    /// </exception>
    public static SequenceClassifier<T, TLabel> ForExamples(
        IReadOnlyList<LabelledSequence<T, TLabel>> examples, SequenceClassifierOptions? options = null)
    {
        Check(examples, nameof(examples));
        options ??= new SequenceClassifierOptions();
        TLabel[] labels = [.. examples.Select(example => example.Label).Distinct()];
        Guard.Shape(labels.Length > 1, "of at least two labels", $"of {labels.Length}", nameof(examples));
        if (labels[0] is IComparable)
        {
            Array.Sort(labels);
        }

        var scaling = FeatureScaling.Learn([.. examples.Select(example => example.Sequence)], options.Scaling);
        return new SequenceClassifier<T, TLabel>(labels, scaling, MakeNetwork(scaling.Features, labels.Length, options), options);
    }

    /// <summary>Trains the model.</summary>
    /// <param name="examples">What to learn; at least one example.</param>
    /// <param name="validation">Examples to measure it by after each epoch, which it does not learn; none if null.</param>
    /// <param name="training">
    /// How it is trained; if null, 40 epochs with gradients clipped at a norm of 1 and a learning rate that falls along a cosine.
    /// </param>
    /// <param name="optimizer">What changes the weights; AdamW at a rate of 0.005 if null.</param>
    /// <param name="progress">Receives a report of each step, validation and epoch; the metric is the accuracy.</param>
    /// <param name="cancellation">Stops the training between two steps.</param>
    /// <returns>The history of the training.</returns>
    /// <exception cref="ArgumentNullException">The list, an example or a part of one is null.</exception>
    /// <exception cref="ArgumentException">
    /// The list is empty, a sequence has other features, or a label is none of <see cref="Labels"/>.
    /// </exception>
    /// <exception cref="NonFiniteLossException">The loss became NaN or infinite.</exception>
    public TrainingReport Fit(
        IReadOnlyList<LabelledSequence<T, TLabel>> examples,
        IReadOnlyList<LabelledSequence<T, TLabel>>? validation = null,
        TrainerOptions? training = null,
        Optimizer<T>? optimizer = null,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ExampleBatches<T> batches = new(
            Encode(examples, nameof(examples)), Options.BatchSize, new ExampleBatchOptions { ShuffleSeed = Options.Seed });
        ExampleBatches<T>? measured = validation is null ? null : InOrder(Encode(validation, nameof(validation)));
        var trainer = new Trainer<T>(
            optimizer ?? new AdamWOptimizer<T>(new AdamWOptions { LearningRate = DefaultLearningRate }),
            training ?? new TrainerOptions
            {
                Epochs = DefaultEpochs,
                ClipNorm = DefaultClipNorm,
                Schedule = new CosineSchedule(),
            });
        var objective = new NetworkObjective<T>(Network, new SoftmaxCrossEntropy<T>(), new AccuracyMetric<T>());
        return trainer.Fit(objective, batches, measured, progress, cancellation);
    }

    /// <summary>The most likely label of a sequence.</summary>
    /// <param name="sequence">T × 1 × I, of any number of steps.</param>
    /// <returns>The label.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="sequence"/> is null.</exception>
    /// <exception cref="ArgumentException">It is of several sequences, or has other features.</exception>
    public TLabel Predict(Sequence<T> sequence) => MostLikely(PredictProbabilities(sequence));

    /// <summary>The most likely labels of several sequences.</summary>
    /// <param name="sequences">The sequences, each T × 1 × I, of any number of steps.</param>
    /// <returns>A label for each.</returns>
    /// <exception cref="ArgumentNullException">The list or a sequence is null.</exception>
    /// <exception cref="ArgumentException">One is of several sequences, or has other features.</exception>
    public TLabel[] Predict(IReadOnlyList<Sequence<T>> sequences) => [.. PredictProbabilities(sequences).Select(MostLikely)];

    /// <summary>The probability of each label for a sequence.</summary>
    /// <param name="sequence">T × 1 × I, of any number of steps.</param>
    /// <returns>A probability for each of <see cref="Labels"/>; they sum to 1.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="sequence"/> is null.</exception>
    /// <exception cref="ArgumentException">It is of several sequences, or has other features.</exception>
    public T[] PredictProbabilities(Sequence<T> sequence) => Probabilities([Encode(sequence, 0, nameof(sequence))])[0];

    /// <summary>The probability of each label for several sequences.</summary>
    /// <param name="sequences">The sequences, each T × 1 × I, of any number of steps.</param>
    /// <returns>For each a probability for each of <see cref="Labels"/>; they sum to 1.</returns>
    /// <exception cref="ArgumentNullException">The list or a sequence is null.</exception>
    /// <exception cref="ArgumentException">One is of several sequences, or has other features.</exception>
    public T[][] PredictProbabilities(IReadOnlyList<Sequence<T>> sequences)
    {
        ArgumentNullException.ThrowIfNull(sequences);
        return sequences.Count == 0 ? [] : Probabilities([.. sequences.Select(sequence => Encode(sequence, 0, nameof(sequences)))]);
    }

    /// <summary>Counts how often each label is taken for each other.</summary>
    /// <param name="examples">Examples with labels that the model knows.</param>
    /// <returns>The counts, with <see cref="ConfusionMatrix{TLabel}.Accuracy"/>.</returns>
    /// <exception cref="ArgumentNullException">The list, an example or a part of one is null.</exception>
    /// <exception cref="ArgumentException">A sequence has other features, or a label is none of <see cref="Labels"/>.</exception>
    public ConfusionMatrix<TLabel> Evaluate(IReadOnlyList<LabelledSequence<T, TLabel>> examples)
    {
        Check(examples, nameof(examples));
        _ = Encode(examples, nameof(examples));
        var matrix = new ConfusionMatrix<TLabel>(Labels);
        TLabel[] answers = Predict([.. examples.Select(example => example.Sequence)]);
        for (int n = 0; n < answers.Length; n++)
        {
            matrix.Add(examples[n].Label, answers[n]);
        }

        return matrix;
    }

    /// <summary>Opens a stream that answers after every step, on what it has seen so far.</summary>
    /// <returns>The stream; any number may be open at once.</returns>
    /// <exception cref="InvalidOperationException">
    /// The model reads in both directions; see <see cref="SequenceClassifierOptions.Bidirectional"/>.
    /// </exception>
    public ClassifierStream<T, TLabel> OpenStream() => Options.Bidirectional
        ? throw new InvalidOperationException(
            "A model that reads in both directions needs the whole sequence: make it with Bidirectional = false for a stream.")
        : new ClassifierStream<T, TLabel>(this);

    /// <summary>Says what the model is.</summary>
    /// <returns>Its labels and its network, line by line.</returns>
    public override string ToString() => string.Join(
        Environment.NewLine, $"SequenceClassifier<{typeof(T).Name}> of {Labels.Count} labels: {string.Join(", ", Labels)}", Network);

    private static Network<T> MakeNetwork(int features, int labels, SequenceClassifierOptions options)
    {
        var random = new Random(options.Seed);
        Network<T> stack = Models.Network.Stack<T>(
            features,
            options.HiddenUnits,
            new StackOptions { Layers = options.Layers, Dropout = options.Dropout, Bidirectional = options.Bidirectional },
            random.Next());
        Layer<T> summary = options.Summary switch
        {
            SequenceSummary.LastStep => new LastStepLayer<T>(stack.Outputs),
            SequenceSummary.Mean => new PoolLayer<T>(stack.Outputs, Pooling.Mean),
            _ => new PoolLayer<T>(stack.Outputs, Pooling.Maximum),
        };
        return new Network<T>(
            stack,
            summary,
            new DropoutLayer<T>(stack.Outputs, options.Dropout, random.Next()),
            new DenseLayer<T>(stack.Outputs, labels, random.Next()));
    }

    private static void Check(IReadOnlyList<LabelledSequence<T, TLabel>> examples, string name)
    {
        ArgumentNullException.ThrowIfNull(examples, name);
        Guard.Shape(examples.Count > 0, "a list of at least one example", "empty", name);
        foreach (LabelledSequence<T, TLabel> example in examples)
        {
            ArgumentNullException.ThrowIfNull(example, name);
            ArgumentNullException.ThrowIfNull(example.Sequence, name);
            ArgumentNullException.ThrowIfNull(example.Label, name);
            Guard.Shape(
                example.Sequence is { Batch: 1, Mask: null }, "of one sequence each, without a mask", $"{example.Sequence}", name);
        }
    }

    private T[][] Probabilities(Example<T>[] examples)
    {
        var all = new List<T[]>(examples.Length);
        ExampleBatches<T> batches = InOrder(examples);
        for (int n = 0; n < batches.Count; n++)
        {
            Sequence<T> logits = Network.Infer(batches[n].Inputs);
            for (int b = 0; b < logits.Batch; b++)
            {
                var probabilities = new T[Labels.Count];
                Softmax.Probabilities(logits.At(0, b), probabilities);
                all.Add(probabilities);
            }
        }

        return [.. all];
    }

    private TLabel MostLikely(T[] probabilities) => Labels[Array.IndexOf(probabilities, probabilities.Max())];

    private Example<T>[] Encode(IReadOnlyList<LabelledSequence<T, TLabel>> examples, string name)
    {
        Check(examples, name);
        return [.. examples.Select(example => Encode(example.Sequence, IndexOf(example.Label, name), name))];
    }

    private Example<T> Encode(Sequence<T> sequence, int index, string name)
    {
        ArgumentNullException.ThrowIfNull(sequence, name);
        Guard.Shape(
            sequence.Batch == 1 && sequence.Mask is null && sequence.Features == Scaling.Features,
            $"of one sequence of {Scaling.Features} features, without a mask",
            $"{sequence}",
            name);
        return Example<T>.OfClass(Scaling.Apply(sequence), index);
    }

    private int IndexOf(TLabel label, string name) => _indices.TryGetValue(label, out int index) ? index : throw new ArgumentException(
        $"The labels of {name} must be of {string.Join(", ", Labels)}, but one is {label}.", name);

    private ExampleBatches<T> InOrder(Example<T>[] examples) =>
        new(examples, Options.BatchSize, new ExampleBatchOptions { ShuffleSeed = null, BucketBatches = 1 });
}
