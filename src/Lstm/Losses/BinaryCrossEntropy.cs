using System.Numerics;

namespace Lstm.Losses;

/// <summary>
/// The logistic function and binary cross-entropy in one, from logits: the loss of labels each of which applies or does not,
/// any number of them at once, in nats.
/// </summary>
/// <remarks>
/// <para>
/// With x a logit, its target z from 0 (does not apply) to 1 (applies) and p the weight of what applies, the loss is
/// <c>l = −p z log σ(x) − (1 − z) log(1 − σ(x))</c>, computed without overflow as
/// <c>(1 − z) x + (1 + (p − 1) z)(log(1 + exp(−|x|)) + max(−x, 0))</c>; its derivative is
/// <c>(1 − z) + (1 + (p − 1) z)(σ(x) − 1)</c>.
/// </para>
/// <para>
/// The mean is over steps, by their weights, and labels, the sum as well: PyTorch's <c>BCEWithLogitsLoss</c>.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class BinaryCrossEntropy<T> : Loss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] _positiveWeights = [];

    /// <summary>Makes the loss.</summary>
    /// <param name="reduction">The mean over the valid steps and labels unless set.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="reduction"/> is not one of the enumeration.</exception>
    public BinaryCrossEntropy(Reduction reduction = Reduction.Mean)
        : base(reduction)
    {
    }

    /// <summary>
    /// p, how much it counts that a label applies, so that rare ones are not neglected: a number ≥ 0 for each label; null,
    /// unless set, for 1 each. The list is copied.
    /// </summary>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, infinite or NaN.</exception>
    public IReadOnlyList<double>? PositiveWeights
    {
        get;
        init
        {
            Guard.Shape(value is null or { Count: > 0 }, "a number for each label", "empty", nameof(PositiveWeights));
            foreach (double weight in value ?? [])
            {
                Guard.InRange(weight, 0, double.PositiveInfinity, nameof(PositiveWeights));
            }

            _positiveWeights = [.. value ?? []];
            field = value is null ? null : _positiveWeights;
        }
    }

    /// <inheritdoc/>
    protected override bool CanOverwrite => true;

    /// <inheritdoc/>
    protected override bool CanOmitGradient => true;

    /// <inheritdoc/>
    protected override double EvaluateStep(
        ReadOnlySpan<T> prediction, ReadOnlySpan<T> target, double scale, Span<T> gradient) =>
        ElementLoss.Evaluate(Reduction, new Logistic(_positiveWeights), prediction, target, scale, gradient);

    /// <inheritdoc/>
    protected override void CheckTarget(ReadOnlySpan<T> target, int step, int sequence)
    {
        Guard.Shape(
            _positiveWeights.Length == 0 || _positiveWeights.Length == target.Length,
            $"a number for each of {target.Length} labels",
            $"{_positiveWeights.Length} numbers",
            nameof(PositiveWeights));
        foreach (T label in target)
        {
            if (!(label >= T.Zero && label <= T.One))
            {
                throw Refused("targets", label, "from 0 to 1", step, sequence);
            }
        }
    }

    private readonly struct Logistic(double[] positiveWeights) : IElementLoss
    {
        public (double Loss, double Slope) At(int feature, double prediction, double target)
        {
            double weight = 1 + (((positiveWeights.Length == 0 ? 1 : positiveWeights[feature]) - 1) * target);
            double tail = Math.Exp(-Math.Abs(prediction));

            // σ(x) − 1 = −σ(−x), with an exponential that does not overflow.
            double belowOne = -(prediction >= 0 ? tail : 1) / (1 + tail);
            double loss = ((1 - target) * prediction) + (weight * (LogOnePlus(tail) + Math.Max(-prediction, 0)));
            return (loss, 1 - target + (weight * belowOne));
        }

        /// <summary>
        /// log(1 + t) for t from 0 to 1, exact where t is small: what 1 + t loses of t is made up for by the quotient (Kahan).
        /// .NET's own LogP1 takes the logarithm of the sum, which is 0 from t = 10⁻¹⁶ on.
        /// </summary>
        private static double LogOnePlus(double t)
        {
            double sum = 1 + t;
            return sum == 1 ? t : Math.Log(sum) * t / (sum - 1);
        }
    }
}
