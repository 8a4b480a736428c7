using System.Numerics;

namespace Lstm.Losses;

/// <summary>The absolute error, which outliers weigh less in than in the squared error: the predictions go to the median.</summary>
/// <remarks>
/// With y the predictions, τ the targets, w the weights of the steps and F features, the mean is <c>L = Σ w |y − τ| / N</c>
/// with <c>N = F·Σ w</c>, its gradient <c>w sign(y − τ) / N</c>, 0 where they are equal; the sum is <c>L = Σ w |y − τ|</c>, over
/// the features as well. Both are PyTorch's <c>L1Loss</c>.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MeanAbsoluteError<T> : Loss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes the loss.</summary>
    /// <param name="reduction">The mean over the valid steps and features unless set.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="reduction"/> is not one of the enumeration.</exception>
    public MeanAbsoluteError(Reduction reduction = Reduction.Mean)
        : base(reduction)
    {
    }

    /// <inheritdoc/>
    protected override bool CanOverwrite => true;

    /// <inheritdoc/>
    protected override bool CanOmitGradient => true;

    /// <inheritdoc/>
    protected override double EvaluateStep(
        ReadOnlySpan<T> prediction, ReadOnlySpan<T> target, double scale, Span<T> gradient) =>
        ElementLoss.Evaluate(Reduction, default(Absolute), prediction, target, scale, gradient);

    private readonly struct Absolute : IElementLoss
    {
        public (double Loss, double Slope) At(int feature, double prediction, double target)
        {
            // Not Math.Sign, which refuses NaN: that is for the loss to report.
            double error = prediction - target;
            return (Math.Abs(error), error > 0 ? 1 : error < 0 ? -1 : 0);
        }
    }
}
