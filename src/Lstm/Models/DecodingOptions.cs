namespace Lstm.Models;

/// <summary>How the target is searched for, given a source.</summary>
public sealed record DecodingOptions
{
    /// <summary>The most likely token at every step.</summary>
    public static DecodingOptions Greedy { get; } = new();

    /// <summary>
    /// k, how many beginnings of a target are followed at the same time; at least 1, and 1, greedy search, unless set.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int BeamWidth { get; init => field = Guard.Positive(value, nameof(BeamWidth)); } = 1;

    /// <summary>
    /// α in the score <c>log P(Y) / ((5 + |Y|) / 6)^α</c> that found targets of different lengths are compared by, |Y| tokens
    /// with the end counted (Wu et al. 2016, "Google's neural machine translation system"); finite, at least 0, and 0.6 unless
    /// set. 0 compares by log P alone, which favours short ones.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public double LengthPenalty
    {
        get;
        init => field = Guard.InRange(value, 0, double.PositiveInfinity, nameof(LengthPenalty));
    } = 0.6;

    /// <summary>
    /// The most tokens of a target; at least 1. The search ends there, whether or not the target has. If null, as it is
    /// unless set, the model says: the length of the longest target that it was trained on.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? MaximumLength { get; init => field = Guard.Positive(value, nameof(MaximumLength)); }
}
