using Lstm.Losses;
using Lstm.Models;

namespace Lstm.Tasks;

/// <summary>
/// A task of which every sequence is drawn anew, and something is wanted at its end. It is learnt when the mean error of the
/// latest 2000 sequences is small and all of them were right, each by the answer from before it was learnt from.
/// </summary>
/// <param name="inputs">The numbers at each step of a sequence.</param>
/// <param name="outputs">The numbers that are wanted at the end.</param>
/// <param name="options">The network, and how it learns.</param>
public abstract class LastStepTask(int inputs, int outputs, LearnerOptions options) : LearningTask(inputs, outputs, options)
{
    /// <summary>The latest sequences, which must all be right.</summary>
    private const int Latest = 2000;

    /// <inheritdoc/>
    public override int TestSequences => 2560;

    /// <summary>A sequence is right if no output is as far as this from what is wanted.</summary>
    public abstract double Tolerance { get; }

    /// <summary>The mean absolute error of the latest sequences must be below.</summary>
    public abstract double MeanTolerance { get; }

    /// <inheritdoc/>
    protected override bool AnswersAtTheEnd => true;

    /// <summary>Draws a sequence, and what is wanted at its end.</summary>
    /// <param name="random">The source of randomness.</param>
    /// <returns>T × 1 × inputs, and 1 × 1 × outputs.</returns>
    public abstract (Sequence<float> Input, Sequence<float> Target) Draw(Random random);

    /// <inheritdoc/>
    public override Trial Run(int seed)
    {
        var random = new Random(seed);
        Network<float> network = CreateNetwork(random);
        var learner = new Learner(network, CreateLoss(), Options);
        double[] means = new double[Latest];
        int right = 0;
        long steps = 0;
        for (int n = 0; n < Options.MostSequences; n++)
        {
            (Sequence<float> input, Sequence<float> target) = Draw(random);
            steps += input.Steps;
            (means[n % Latest], double largest) = Errors(learner.Learn(input, target).Values, target.Values);
            right = largest < Tolerance ? right + 1 : 0;
            if (right >= Latest && means.Average() < MeanTolerance)
            {
                return new Trial(n + 1, steps, CountWrong(network, random));
            }
        }

        return new Trial(null, steps);
    }

    /// <summary>Makes the loss.</summary>
    protected abstract Loss<float> CreateLoss();

    /// <summary>Makes of what the network gives what is compared with the target; nothing unless overridden.</summary>
    /// <param name="output">To be overwritten.</param>
    protected virtual void Activate(Span<float> output)
    {
    }

    private int CountWrong(Network<float> network, Random random)
    {
        int wrong = 0;
        for (int n = 0; n < TestSequences; n++)
        {
            (Sequence<float> input, Sequence<float> target) = Draw(random);
            wrong += Errors(network.Infer(input).Values, target.Values).Largest < Tolerance ? 0 : 1;
        }

        return wrong;
    }

    /// <summary>The mean and the largest of the absolute errors.</summary>
    private (double Mean, double Largest) Errors(Span<float> output, ReadOnlySpan<float> target)
    {
        Activate(output);
        double sum = 0;
        double largest = 0;
        for (int n = 0; n < target.Length; n++)
        {
            double error = Math.Abs(output[n] - target[n]);
            sum += error;
            largest = Math.Max(largest, error);
        }

        return (sum / target.Length, largest);
    }
}
