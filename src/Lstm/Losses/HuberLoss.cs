using System.Numerics;

namespace Lstm.Losses;

/// <summary>
/// Huber's loss (1964): squared where the error is small and absolute where it is large, so that outliers do not decide.
/// </summary>
/// <remarks>
/// With the error e = y − τ, a number's loss is <c>e² / 2</c> for |e| ≤ δ and <c>δ (|e| − δ / 2)</c> beyond, its derivative
/// <c>e</c> cut to [−δ, δ]. The mean is over steps, by their weights, and features, the sum as well: PyTorch's
/// <c>HuberLoss</c>.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class HuberLoss<T> : Loss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes the loss.</summary>
    /// <param name="delta">δ, where the square ends; 1 unless set. Finite, above 0.</param>
    /// <param name="reduction">The mean over the valid steps and features unless set.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public HuberLoss(double delta = 1, Reduction reduction = Reduction.Mean)
        : base(reduction)
    {
        Guard.AboveZero(delta);
        Delta = delta;
    }

    /// <summary>δ, where the square ends.</summary>
    public double Delta { get; }

    /// <inheritdoc/>
    protected override bool CanOverwrite => true;

    /// <inheritdoc/>
    protected override bool CanOmitGradient => true;

    /// <inheritdoc/>
    protected override double EvaluateStep(
        ReadOnlySpan<T> prediction, ReadOnlySpan<T> target, double scale, Span<T> gradient) =>
        ElementLoss.Evaluate(Reduction, new Huber(Delta), prediction, target, scale, gradient);

    private readonly struct Huber(double delta) : IElementLoss
    {
        public (double Loss, double Slope) At(int feature, double prediction, double target)
        {
            double error = prediction - target;
            double slope = Math.Clamp(error, -delta, delta);
            return (slope * (error - (slope / 2)), slope);
        }
    }
}
