using Lstm.Losses;

namespace Lstm.Tasks;

/// <summary>
/// Temporal order (Hochreiter and Schmidhuber 1997, experiment 6): 100 to 110 symbols, E first, B last, the others out of a,
/// b, c, d, but for two or three out of X and Y at random places. The class is which of them they were, and in what order:
/// XX, XY, YX, YY of two (6a), or one of eight of three (6b).
/// </summary>
public sealed class TemporalOrderTask : LastStepTask
{
    /// <summary>All symbols. The place of one is the number that stands for it.</summary>
    public const string Alphabet = "EBabcdXY";

    private const int FewestSteps = 100;
    private const int Distractor = 2;
    private const int Distractors = 4;
    private const int X = 6;

    /// <summary>X and Y stand at one of eleven steps, this one and those after it.</summary>
    private readonly int[] _places;

    private TemporalOrderTask(string name, int published, int[] places, LearnerOptions options)
        : base(Alphabet.Length, 1 << places.Length, options) =>
        (Name, PublishedSequences, _places) = (name, published, places);

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override string Published => $"{PublishedSequences:N0}";

    /// <inheritdoc/>
    public override int PublishedSequences { get; }

    /// <inheritdoc/>
    public override double Tolerance => 0.3;

    /// <inheritdoc/>
    public override double MeanTolerance => 0.1;

    /// <summary>Experiment 6a: two symbols, four classes.</summary>
    /// <param name="options">The settings; those of docs/tasks.md if null.</param>
    /// <returns>The task.</returns>
    public static TemporalOrderTask OfTwo(LearnerOptions? options = null) => new("temporal-order-2", 31_390, [10, 50], options ?? new()
    {
        HiddenUnits = 4,
        MostSequences = 60_000,
        ForgetBias = 3,
        InputBias = -3,
    });

    /// <summary>Experiment 6b: three symbols, eight classes.</summary>
    /// <param name="options">The settings; those of docs/tasks.md if null.</param>
    /// <returns>The task.</returns>
    public static TemporalOrderTask OfThree(LearnerOptions? options = null) => new("temporal-order-3", 571_100, [10, 33, 66], options ?? new()
    {
        HiddenUnits = 6,
        MostSequences = 600_000,
        ForgetBias = 3,
        InputBias = -3,
    });

    /// <inheritdoc/>
    public override (Sequence<float> Input, Sequence<float> Target) Draw(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int[] symbols = [.. Enumerable.Range(0, random.Next(FewestSteps, FewestSteps + 11)).Select(_ => Distractor + random.Next(Distractors))];
        (symbols[0], symbols[^1]) = (Alphabet.IndexOf('E', StringComparison.Ordinal), Alphabet.IndexOf('B', StringComparison.Ordinal));
        int index = 0;
        foreach (int place in _places)
        {
            int isY = random.Next(2);
            symbols[random.Next(place, place + 11)] = X + isY;
            index = (2 * index) + isY;
        }

        var input = new Sequence<float>(symbols.Length, batch: 1, Alphabet.Length);
        for (int t = 0; t < symbols.Length; t++)
        {
            input[t, 0, symbols[t]] = 1;
        }

        var target = new Sequence<float>(1, 1, 1 << _places.Length);
        target[0, 0, index] = 1;
        return (input, target);
    }

    /// <inheritdoc/>
    protected override Loss<float> CreateLoss() => new SoftmaxCrossEntropy<float>();

    /// <inheritdoc/>
    protected override void Activate(Span<float> output) => Softmax.Probabilities(output, output);
}
