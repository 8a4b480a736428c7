namespace Lstm.Training;

/// <summary>The settings of a running average of the weights; see <see cref="Optimizers.WeightAverage{T}"/>.</summary>
public sealed record AveragingOptions
{
    /// <summary>
    /// The share of the average that is left after a step; 0.999 unless set, null for the mean over all steps. At least 0,
    /// below 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double? Decay { get; init => field = Guard.Rate(value, nameof(Decay)); } = 0.999;

    /// <summary>The steps before the average begins; 0 unless set. At least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long StartStep { get; init => field = Guard.NotNegative(value, nameof(StartStep)); }
}
