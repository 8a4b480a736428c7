namespace Lstm.Optimizers;

/// <summary>
/// Raises the rate in a line over the first w steps, then lets it fall along half a cosine to a share of itself at the
/// last step (Loshchilov and Hutter 2016, "SGDR", without restarts).
/// </summary>
/// <remarks>
/// With s the steps taken, w those of the warm-up, S those of the whole training and m the share at the end, the factor is
/// <c>(s + 1) / w</c> while s is below w, then <c>m + (1 − m)(1 + cos(π (s − w) / (S − w))) / 2</c>, and m from S on.
/// Without warm-up these are the rates of PyTorch's <c>CosineAnnealingLR</c> with <c>T_max = S</c>.
/// </remarks>
public sealed record CosineSchedule : Schedule
{
    /// <summary>w, the steps of the warm-up; 0 unless set. At least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int WarmUpSteps { get; init => field = Guard.NotNegative(value, nameof(WarmUpSteps)); }

    /// <summary>S; the steps of the whole training, as the trainer counts them, if null. At least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? TotalSteps { get; init => field = Guard.Positive(value, nameof(TotalSteps)); }

    /// <summary>m, the share of the rate that is left at the end; 0 unless set. From 0 to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double FinalFactor { get; init => field = Guard.InRange(value, 0, 1, nameof(FinalFactor)); }

    /// <inheritdoc/>
    public override double Factor(SchedulePoint point)
    {
        if (point.Step < WarmUpSteps)
        {
            return (point.Step + 1.0) / WarmUpSteps;
        }

        double done = point.Step - WarmUpSteps;
        double all = (TotalSteps ?? point.TotalSteps) - WarmUpSteps;
        return done >= all ? FinalFactor : FinalFactor + ((1 - FinalFactor) * (1 + Math.Cos(Math.PI * done / all)) / 2);
    }
}
