namespace Lstm.Optimizers;

/// <summary>
/// Multiplies the rate by γ when the validations have not become better for a while: PyTorch's <c>ReduceLROnPlateau</c>.
/// </summary>
/// <remarks>
/// A score is better than the best so far if it is below <c>best · (1 − threshold)</c>, or <c>best · (1 + threshold)</c>
/// where the best is negative, as a negated metric is. After more than <see cref="Patience"/> scores in a row that are not
/// better, the rate is multiplied, the count starts again, and the next <see cref="Cooldown"/> scores do not count.
/// </remarks>
public sealed record PlateauSchedule : Schedule
{
    /// <summary>γ; 0.1 unless set. Above 0, at most 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Decay { get; init => field = Guard.Share(value, nameof(Decay)); } = 0.1;

    /// <summary>The validations without a better score that are tolerated; 10 unless set. At least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Patience { get; init => field = Guard.NotNegative(value, nameof(Patience)); } = 10;

    /// <summary>The share by which a score must be better to count as better; 0.0001 unless set. At least 0, below 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Threshold { get; init => field = Guard.Rate(value, nameof(Threshold)); } = 1e-4;

    /// <summary>The validations after a change that do not count; 0 unless set. At least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int Cooldown { get; init => field = Guard.NotNegative(value, nameof(Cooldown)); }

    /// <summary>The share of the rate below which it does not fall; 0 unless set. From 0 to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double FinalFactor { get; init => field = Guard.InRange(value, 0, 1, nameof(FinalFactor)); }

    /// <inheritdoc/>
    public override double Factor(SchedulePoint point)
    {
        (double factor, double best, int bad, int cooldown) = (1, double.PositiveInfinity, 0, 0);
        for (int n = 0; n < point.Scores.Count; n++)
        {
            double score = point.Scores[n];
            bool better = score < best - (double.IsFinite(best) ? Threshold * Math.Abs(best) : 0);
            best = better ? score : best;
            bad = better ? 0 : bad + 1;
            if (cooldown > 0)
            {
                (cooldown, bad) = (cooldown - 1, 0);
            }

            if (bad > Patience)
            {
                factor = Math.Max(factor * Decay, FinalFactor);
                (bad, cooldown) = (0, Cooldown);
            }
        }

        return factor;
    }
}
