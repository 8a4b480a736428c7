namespace Lstm.Models;

/// <summary>
/// What a forecaster's network sees of a series: <see cref="Level"/>, its logarithm if asked for, and <see cref="Change"/>,
/// its differences; and the way back.
/// </summary>
internal sealed class SeriesTransform
{
    private readonly SequenceForecasterOptions _options;

    public SeriesTransform(IReadOnlyList<double> values, SequenceForecasterOptions options, string name)
    {
        _options = options;
        Level = new double[values.Count];
        for (int t = 0; t < Level.Length; t++)
        {
            Guard.Shape(!options.Logarithm || values[t] > 0, "above 0 for logarithms", $"{values[t]} at step {t}", name);
            Level[t] = options.Logarithm ? Math.Log(values[t]) : values[t];
        }

        Change = [.. Level];
        if (options.SeasonalDifference)
        {
            Subtract(options.Season);
        }

        if (options.Difference)
        {
            Subtract(1);
        }
    }

    /// <summary>The steps at the start that have no <see cref="Change"/>.</summary>
    public static int Skipped(SequenceForecasterOptions options) =>
        (options.SeasonalDifference ? options.Season : 0) + (options.Difference ? 1 : 0);

    public double[] Level { get; }

    public double[] Change { get; }

    /// <summary>The levels of the steps after one, from their changes, which are overwritten.</summary>
    public void ToLevels(int origin, Span<double> changes)
    {
        if (_options.Difference)
        {
            // The series that the differences are of: the level, or its seasonal difference.
            double sum = Level[origin] - (_options.SeasonalDifference ? Level[origin - _options.Season] : 0);
            foreach (ref double change in changes)
            {
                sum += change;
                change = sum;
            }
        }

        for (int h = 0; _options.SeasonalDifference && h < changes.Length; h++)
        {
            changes[h] += h < _options.Season ? Level[origin + 1 + h - _options.Season] : changes[h - _options.Season];
        }
    }

    public double ToValue(double level) => _options.Logarithm ? Math.Exp(level) : level;

    private void Subtract(int lag)
    {
        for (int t = Change.Length - 1; t >= lag; t--)
        {
            Change[t] -= Change[t - lag];
        }
    }
}
