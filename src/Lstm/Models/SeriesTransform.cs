namespace Lstm.Models;

/// <summary>
/// What a forecaster's network sees of a series: <see cref="Level"/>, its logarithm if asked for, and <see cref="Change"/>,
/// its differences; and the way back.
/// </summary>
internal sealed class SeriesTransform
{
    /// <summary>What numbers must be of which logarithms are taken.</summary>
    public const string Positive = "above 0 for logarithms (a model is trained without them if Logarithm is set to false)";

    private readonly SeriesPreparation _preparation;

    public SeriesTransform(IReadOnlyList<double> values, SeriesPreparation preparation, string name)
    {
        _preparation = preparation;
        Level = new double[values.Count];
        for (int t = 0; t < Level.Length; t++)
        {
            Guard.Shape(!preparation.Logarithm || values[t] > 0, Positive, $"{values[t]} at step {t}", name);
            Level[t] = preparation.Logarithm ? Math.Log(values[t]) : values[t];
        }

        Change = [.. Level];
        if (preparation.SeasonalDifference)
        {
            Subtract(preparation.Season);
        }

        if (preparation.Difference)
        {
            Subtract(1);
        }
    }

    public double[] Level { get; }

    public double[] Change { get; }

    /// <summary>The levels of the steps after one, from their changes, which are overwritten.</summary>
    public void ToLevels(int origin, Span<double> changes)
    {
        if (_preparation.Difference)
        {
            // The series that the differences are of: the level, or its seasonal difference.
            double sum = Level[origin] - (_preparation.SeasonalDifference ? Level[origin - _preparation.Season] : 0);
            foreach (ref double change in changes)
            {
                sum += change;
                change = sum;
            }
        }

        for (int h = 0; _preparation.SeasonalDifference && h < changes.Length; h++)
        {
            changes[h] += h < _preparation.Season ? Level[origin + 1 + h - _preparation.Season] : changes[h - _preparation.Season];
        }
    }

    public double ToValue(double level) => _preparation.Logarithm ? Math.Exp(level) : level;

    private void Subtract(int lag)
    {
        for (int t = Change.Length - 1; t >= lag; t--)
        {
            Change[t] -= Change[t - lag];
        }
    }
}
