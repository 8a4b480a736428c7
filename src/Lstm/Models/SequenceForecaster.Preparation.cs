using Lstm.Data;

namespace Lstm.Models;

public sealed partial class SequenceForecaster<T>
{
    /// <summary>
    /// The season, the logarithms and the differences: as the options say, or chosen from the series that the model first learnt
    /// from, for all of them together, by the steps that its network learns from. They stay as they are when it learns further.
    /// Null before that.
    /// </summary>
    public SeriesPreparation? Preparation { get; private set; }

    /// <summary>The fewest steps of a series that there is a forecast from.</summary>
    internal int LeastSteps => Prepared.Skipped + Options.Window;

    /// <summary>The latest steps of a series that a forecast depends on: the window, and what its differences need.</summary>
    internal int StepsRead => Math.Max(1, Prepared.Skipped) + Options.Window;

    /// <summary>The preparation of a model that has been trained.</summary>
    internal SeriesPreparation Prepared => Preparation ?? throw new InvalidOperationException("Fit must be called first.");

    /// <summary>
    /// What is done to the series, as it was before or chosen now, which leaves enough steps of each to learn from: a window and
    /// what is foreseen from it.
    /// </summary>
    private SeriesPreparation Prepare(IReadOnlyList<TimeSeries> series, int[] ends)
    {
        int needed = Options.Window + StepsAtOnce;
        SeriesPreparation preparation = Preparation ?? SeriesPreparation.Choose(Options, series, ends, ends.Min() - needed);
        int least = preparation.Skipped + needed;
        for (int n = 0; n < ends.Length; n++)
        {
            int steps = series[n].Values.Count;
            Guard.Shape(
                ends[n] >= least,
                $"of at least {least} steps beside {steps - ends[n]} that are held back for intervals that cover a share of {Options.Coverage}",
                $"of {steps}",
                nameof(series));
        }

        return preparation;
    }
}
