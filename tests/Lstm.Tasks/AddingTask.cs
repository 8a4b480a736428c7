using Lstm.Losses;

namespace Lstm.Tasks;

/// <summary>
/// The adding problem (Hochreiter and Schmidhuber 1997, experiment 4): each step has a number from −1 to 1 and a marker. Two
/// steps are marked with 1, one of the first ten and one of the first half; the first and the last step have the marker −1,
/// all others 0. Wanted is <c>0.5 + (X₁ + X₂)/4</c> of the two numbers, of which one at the first step counts as 0.
/// </summary>
/// <remarks>
/// The paper says of X₁ alone, the number marked among the first ten, that it counts as 0 there. If X₂ did not, one sequence
/// in thirty would have a target that does not follow from it: with markers at the first step and another of the first ten,
/// it cannot be seen which of them is X₁.
/// </remarks>
/// <param name="options">The settings; those of docs/tasks.md if null.</param>
public sealed class AddingTask(LearnerOptions? options = null) : LastStepTask(inputs: 2, outputs: 1, options ?? Standard)
{
    /// <summary>T, the steps of the shortest sequences; the longest have a tenth more.</summary>
    private const int ShortestSteps = 100;

    private const int FirstMarkers = 10;

    private static readonly LearnerOptions Standard = new()
    {
        HiddenUnits = 16,
        MostSequences = 150_000,
        LearningRate = 0.02,
        HalfLife = 7000,
        ClipNorm = 0.3,
        ForgetBias = 5,
        InputBias = -3,
    };

    /// <inheritdoc/>
    public override string Name => "adding";

    /// <inheritdoc/>
    public override string Published => "74,000";

    /// <inheritdoc/>
    public override int PublishedSequences => 74_000;

    /// <inheritdoc/>
    public override double Tolerance => 0.04;

    /// <inheritdoc/>
    public override double MeanTolerance => 0.01;

    /// <inheritdoc/>
    public override (Sequence<float> Input, Sequence<float> Target) Draw(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        int steps = random.Next(ShortestSteps, ShortestSteps + (ShortestSteps / 10) + 1);
        var input = new Sequence<float>(steps, batch: 1, features: 2);
        for (int t = 0; t < steps; t++)
        {
            input[t, 0, 0] = (2 * random.NextSingle()) - 1;
        }

        (input[0, 0, 1], input[steps - 1, 0, 1]) = (-1, -1);
        int first = random.Next(FirstMarkers);

        // One of the first T/2 − 1 that are not marked.
        int second = random.Next((ShortestSteps / 2) - 1);
        second += second >= first ? 1 : 0;
        (input[first, 0, 1], input[second, 0, 1]) = (1, 1);
        float sum = new[] { first, second }.Where(t => t > 0).Sum(t => input[t, 0, 0]);
        return (input, new Sequence<float>(1, 1, 1, [0.5f + (sum / 4)]));
    }

    /// <inheritdoc/>
    protected override Loss<float> CreateLoss() => new MeanSquaredError<float>();
}
