using Lstm.Metrics;

namespace Lstm.Models;

/// <summary>
/// How well a model would have done: it forecasts from each step near the end of a series, with what was known then, and is
/// compared with two naive forecasts.
/// </summary>
/// <param name="Forecasts">The number of steps from which forecasts were made, each over the whole horizon.</param>
/// <param name="Model">The errors of the model.</param>
/// <param name="Naive">Those of the forecast that everything stays as it is.</param>
/// <param name="SeasonalNaive">Those of the forecast that everything is as it was a season ago.</param>
/// <param name="Coverage">The share of the actual values that lay in the model's intervals.</param>
public sealed record Backtest(
    int Forecasts, ForecastErrors Model, ForecastErrors Naive, ForecastErrors SeasonalNaive, double Coverage);
