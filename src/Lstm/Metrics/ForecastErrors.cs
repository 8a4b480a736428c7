namespace Lstm.Metrics;

/// <summary>How far forecasts were from the actual values.</summary>
/// <param name="MeanAbsolute">The mean of the absolute errors.</param>
/// <param name="RootMeanSquare">The root of the mean of their squares.</param>
/// <param name="MeanAbsoluteScaled">
/// MASE: the mean absolute error as a share of that of the naive forecast by one step, or one season, in the history (Hyndman
/// and Koehler 2006, "Another look at measures of forecast accuracy"). Below 1 is better than that.
/// </param>
public readonly record struct ForecastErrors(double MeanAbsolute, double RootMeanSquare, double MeanAbsoluteScaled)
{
    /// <summary>Measures forecasts.</summary>
    /// <param name="forecasts">The forecasts; at least one.</param>
    /// <param name="actual">The actual values, one for each forecast.</param>
    /// <param name="history">The values before the first forecast, by which errors are scaled; more than a season.</param>
    /// <param name="season">The steps of a season; 1, for none, by default.</param>
    /// <returns>The errors.</returns>
    /// <exception cref="ArgumentException">
    /// There are no forecasts, not as many actual values, or a history no longer than a season.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="season"/> is below 1.</exception>
    public static ForecastErrors Of(
        ReadOnlySpan<double> forecasts, ReadOnlySpan<double> actual, ReadOnlySpan<double> history, int season = 1)
    {
        Guard.Positive(season);
        Guard.Shape(!forecasts.IsEmpty, "of at least one number", "empty", nameof(forecasts));
        Guard.Length(actual.Length, forecasts.Length, "one for each forecast", nameof(actual));
        Guard.Shape(history.Length > season, $"of more than {season} numbers", $"of {history.Length}", nameof(history));
        double scale = 0;
        for (int t = season; t < history.Length; t++)
        {
            scale += Math.Abs(history[t] - history[t - season]) / (history.Length - season);
        }

        double absolute = 0;
        double square = 0;
        for (int n = 0; n < forecasts.Length; n++)
        {
            double error = forecasts[n] - actual[n];
            absolute += Math.Abs(error) / forecasts.Length;
            square += error * error / forecasts.Length;
        }

        return new ForecastErrors(absolute, Math.Sqrt(square), absolute / scale);
    }
}
