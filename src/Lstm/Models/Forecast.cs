namespace Lstm.Models;

/// <summary>What a <see cref="SequenceForecaster{T}"/> forecasts for the coming steps, the next one first.</summary>
/// <param name="Values">The forecast of each step.</param>
/// <param name="Lower">The lower end of its interval.</param>
/// <param name="Upper">The upper end of its interval.</param>
public sealed record Forecast(IReadOnlyList<double> Values, IReadOnlyList<double> Lower, IReadOnlyList<double> Upper);
