using System.Numerics;

namespace Lstm.Losses;

/// <summary>
/// The quantile or pinball loss (Koenker and Bassett 1978): each prediction goes to the number below which the target lies
/// with a given probability. Several quantiles at once make an interval.
/// </summary>
/// <remarks>
/// <para>
/// With Q quantiles, targets of F features have predictions of F·Q: that of quantile q of feature f is at <c>f·Q + q</c>.
/// With the error e = τ − y and p the probability of the quantile, a number's loss is <c>max(p e, (p − 1) e)</c>, its
/// derivative with respect to y −p where the prediction is too low, 1 − p where it is too high, and 0 where it is equal.
/// </para>
/// <para>The mean is over steps, by their weights, features and quantiles, the sum as well.</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class QuantileLoss<T> : Loss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly double[] _quantiles;

    /// <summary>Makes the loss.</summary>
    /// <param name="quantiles">p of each quantile, above 0 and below 1; at least one. The list is copied.</param>
    /// <param name="reduction">The mean over the valid steps, features and quantiles unless set.</param>
    /// <exception cref="ArgumentNullException"><paramref name="quantiles"/> is null.</exception>
    /// <exception cref="ArgumentException">There is no quantile.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A probability is out of its range, or <paramref name="reduction"/> is not one of the enumeration.
    /// </exception>
    public QuantileLoss(IReadOnlyList<double> quantiles, Reduction reduction = Reduction.Mean)
        : base(reduction)
    {
        ArgumentNullException.ThrowIfNull(quantiles);
        Guard.Shape(quantiles.Count > 0, "at least one quantile", "empty", nameof(quantiles));
        foreach (double quantile in quantiles)
        {
            Guard.Probability(quantile, nameof(quantiles));
        }

        _quantiles = [.. quantiles];
    }

    /// <summary>p of each quantile.</summary>
    public IReadOnlyList<double> Quantiles => _quantiles;

    /// <inheritdoc/>
    protected override bool CanOverwrite => true;

    /// <inheritdoc/>
    protected override bool CanOmitGradient => true;

    /// <inheritdoc/>
    private protected override int TargetFeatures(int features)
    {
        Guard.Shape(
            features % _quantiles.Length == 0,
            $"of a multiple of {_quantiles.Length} features, one for each quantile",
            $"of {features}",
            "predictions");
        return features / _quantiles.Length;
    }

    /// <inheritdoc/>
    protected override double EvaluateStep(
        ReadOnlySpan<T> prediction, ReadOnlySpan<T> target, double scale, Span<T> gradient)
    {
        double share = Reduction == Reduction.Mean ? 1.0 / prediction.Length : 1;
        double sum = 0;
        for (int n = 0; n < prediction.Length; n++)
        {
            (int f, int q) = Math.DivRem(n, _quantiles.Length);
            double p = _quantiles[q];
            double error = double.CreateTruncating(target[f]) - double.CreateTruncating(prediction[n]);
            double slope = error > 0 ? -p : error < 0 ? 1 - p : 0;

            // NaN stays NaN, for the loss to report.
            sum -= slope * error;
            if (!gradient.IsEmpty)
            {
                gradient[n] = T.CreateTruncating(share * scale * slope);
            }
        }

        return share * sum;
    }
}
