using System.Numerics;

namespace Lstm.Losses;

/// <summary>The squared error: the loss of regression and forecasting.</summary>
/// <remarks>
/// <para>
/// With y the predictions, τ the targets, w the weights of the steps and F features, the mean is
/// <c>L = Σ w (y − τ)² / N</c> with <c>N = F·Σ w</c>, its gradient <c>2 w (y − τ) / N</c>: without weights, the mean over
/// all steps, sequences and features.
/// </para>
/// <para>
/// The sum is <c>L = Σ w (y − τ)²</c>, over the features as well, its gradient <c>2 w (y − τ)</c>. Both are PyTorch's
/// <c>MSELoss</c>.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MeanSquaredError<T> : Loss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes the loss.</summary>
    /// <param name="reduction">The mean over the valid steps and features unless set.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="reduction"/> is not one of the enumeration.</exception>
    public MeanSquaredError(Reduction reduction = Reduction.Mean)
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
        ElementLoss.Evaluate(Reduction, default(Squared), prediction, target, scale, gradient);

    private readonly struct Squared : IElementLoss
    {
        public (double Loss, double Slope) At(int feature, double prediction, double target)
        {
            double error = prediction - target;
            return (error * error, 2 * error);
        }
    }
}
