using Lstm.Data;

namespace Lstm.Models;

public sealed partial class SequenceForecaster<T>
{
    /// <summary>More than any series has.</summary>
    private const int MostErrors = 1_000_000_000;

    /// <summary>The fewest errors of which one is wide enough for an interval: the first n with <see cref="Rank"/> ≤ n.</summary>
    private int LeastErrors
    {
        get
        {
            int errors = Math.Max(1, (int)Math.Min(Options.Coverage / (1 - Options.Coverage), MostErrors));
            while (errors < MostErrors && Rank(errors) > errors)
            {
                errors++;
            }

            return errors;
        }
    }

    /// <summary>Where what the network learns from ends, and what is held back begins.</summary>
    private int TrainingEnd(TimeSeries series, int count)
    {
        int steps = series.Values.Count;
        int errors = (int)Math.Ceiling((double)LeastErrors / count);
        return steps - Math.Max(Options.Horizon - 1 + errors, (int)Math.Round(Options.Calibration * steps));
    }

    /// <summary>
    /// How much the level changes from step to step in the window that ends at a step; a little more, so that it is never zero.
    /// </summary>
    private double Liveliness(SeriesTransform transform, int origin)
    {
        int first = Math.Max(1, origin + 1 - Options.Window);
        double sum = 0;
        for (int t = first; t <= origin; t++)
        {
            sum += Math.Abs(transform.Level[t] - transform.Level[t - 1]);
        }

        return (sum / Math.Max(1, origin + 1 - first)) + (0.1 / _scaling!.Factors[0]);
    }

    /// <summary>Which of n errors in order, counted from 1, is the width of an interval: ⌈(n + 1) · share⌉.</summary>
    private int Rank(int errors) => (int)Math.Ceiling((errors + 1) * Options.Coverage);

    /// <summary>
    /// For each step ahead, the distance within which the share of the errors lies on what was held back, in terms of the
    /// liveliness. Further ahead it is never less.
    /// </summary>
    private double[] Widths(IReadOnlyList<TimeSeries> series, SeriesTransform[] transforms, int[] ends)
    {
        List<double>[] errors = [.. Enumerable.Range(0, Options.Horizon).Select(_ => new List<double>())];
        for (int n = 0; n < series.Count; n++)
        {
            double[] actual = transforms[n].Level;
            for (int origin = ends[n] - 1; origin < actual.Length - 1; origin++)
            {
                double[] levels = Levels(series[n], transforms[n], origin);
                double liveliness = Liveliness(transforms[n], origin);
                for (int h = 0; h < Options.Horizon && origin + 1 + h < actual.Length; h++)
                {
                    errors[h].Add(Math.Abs(actual[origin + 1 + h] - levels[h]) / liveliness);
                }
            }
        }

        double[] widths = new double[Options.Horizon];
        for (int h = 0; h < widths.Length; h++)
        {
            errors[h].Sort();
            widths[h] = Math.Max(errors[h][Rank(errors[h].Count) - 1], h == 0 ? 0 : widths[h - 1]);
        }

        return widths;
    }
}
