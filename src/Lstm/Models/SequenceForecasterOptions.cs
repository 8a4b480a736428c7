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

    /// <summary>
    /// The steps of a season, 12 for months; at least 1, which is none. If null, as it is unless set, it is found: the lag of
    /// the first peak of the autocorrelation, behind a trough, of lags up to a third of what is learnt from, when a cubic has
    /// been taken away; none if no peak is higher by 0.1 than the trough before it and than noise has one at 5 % (Wang, Smith and
    /// Hyndman 2006, "Characteristic-based clustering for time series data", Data Mining and Knowledge Discovery 13).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? Season { get; init => field = Guard.Positive(value, nameof(Season)); }

    /// <summary>
    /// Whether the network sees logarithms, for series above 0 that grow by a share of themselves. If null, as it is unless set,
    /// it does if all numbers are above 0, and in what is learnt from the spread within a season grows with the level (a
    /// correlation that is significant at 5 %) and varies less in relation to it than by itself (Guerrero 1993, "Time-series
    /// analysis supported by power transformations", Journal of Forecasting 12, of the powers 0 and 1).
    /// </summary>
    public bool? Logarithm { get; init; }

    /// <summary>
    /// Whether the network sees how each step differs from the one before it: a network does not go far beyond the numbers that
    /// it has seen. If null, as it is unless set, it does if what is learnt from, with the logarithms and seasonal differences
    /// taken, has no constant level by the KPSS test at 5 %, as Hyndman and Athanasopoulos have it (2021, "Forecasting:
    /// principles and practice", 3rd edition, section 9.1), with the lags of Hobijn, Franses and Ooms (2004, "Generalizations of
    /// the KPSS-test for stationarity", Statistica Neerlandica 58).
    /// </summary>
    public bool? Difference { get; init; }

    /// <summary>
    /// Whether the network sees how each step differs from the one a <see cref="Season"/> before it. If null, as it is unless
    /// set, it does if the series is long enough for it, and in what is learnt from the strength of the season is at least 0.64, as
    /// Hyndman and Athanasopoulos have it (sections 4.3 and 9.1; by a classical decomposition); but not if the network sees the
    /// season by itself: two of them fit into the <see cref="Window"/>, and without the seasonal part the level is constant by the
    /// same test as for <see cref="Difference"/>. It would then do no better than to repeat the latest season.
    /// </summary>
    public bool? SeasonalDifference { get; init; }

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
    /// intervals must be. Above 0, below 1, and 0.25 unless set. At least so many steps are taken that there are
    /// <c>n ≥ c / (1 − c)</c> errors at each step ahead for a <see cref="Coverage"/> c, 9 for 0.9: from fewer no interval follows
    /// that would cover as much.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Calibration
    {
        get;
        init => field = Guard.Probability(value, nameof(Calibration));
    } = 0.25;

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
