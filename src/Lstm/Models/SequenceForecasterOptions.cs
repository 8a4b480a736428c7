namespace Lstm.Models;

/// <summary>How a <see cref="SequenceForecaster{T}"/> is made and trained.</summary>
public sealed record SequenceForecasterOptions
{
    /// <summary>The steps to forecast; at least 1, and 12 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Horizon { get; init => field = Guard.Positive(value, nameof(Horizon)); } = 12;

    /// <summary>The steps that the network reads for a forecast; at least 1, and 24 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Window { get; init => field = Guard.Positive(value, nameof(Window)); } = 24;

    /// <summary>The steps of a season, 12 for months; at least 1, which is none, and 1 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Season { get; init => field = Guard.Positive(value, nameof(Season)); } = 1;

    /// <summary>Whether the network sees logarithms, for series above 0 that grow by a share of themselves; false unless set.</summary>
    public bool Logarithm { get; init; }

    /// <summary>
    /// Whether the network sees how each step differs from the one before it; false unless set. Set it for a series that grows:
    /// a network does not go far beyond the numbers that it has seen.
    /// </summary>
    public bool Difference { get; init; }

    /// <summary>Whether the network sees how each step differs from the one a <see cref="Season"/> before it; false unless set.</summary>
    public bool SeasonalDifference { get; init; }

    /// <summary>
    /// Whether the network foresees one step, and the next from its own forecast; false unless set: all steps of the horizon
    /// at once.
    /// </summary>
    public bool Recursive { get; init; }

    /// <summary>The share of the future that is to lie in the intervals; above 0, below 1, and 0.9 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Coverage
    {
        get;
        init => field = Guard.Probability(value, nameof(Coverage));
    } = 0.9;

    /// <summary>
    /// The share of each training series, at its end, that is held back from the network: the errors there tell how wide the
    /// intervals must be. Above 0, below 1, and 0.3 unless set. At least so many steps are taken that there are
    /// <c>n ≥ c / (1 − c)</c> errors at each step ahead for a <see cref="Coverage"/> c, 9 for 0.9: from fewer no interval follows
    /// that would cover as much.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Calibration
    {
        get;
        init => field = Guard.Probability(value, nameof(Calibration));
    } = 0.3;

    /// <summary>H, the hidden units; at least 1, and 32 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int HiddenUnits { get; init => field = Guard.Positive(value, nameof(HiddenUnits)); } = 32;

    /// <summary>The LSTM layers on top of each other; at least 1, and 1 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Layers { get; init => field = Guard.Positive(value, nameof(Layers)); } = 1;

    /// <summary>B, the windows in a batch; at least 1, and 32 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int BatchSize { get; init => field = Guard.Positive(value, nameof(BatchSize)); } = 32;

    /// <summary>The weights and the order of the batches follow from it; 0 unless set.</summary>
    public int Seed { get; init; }
}
