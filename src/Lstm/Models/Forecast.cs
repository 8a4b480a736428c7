using System.Globalization;

namespace Lstm.Models;

/// <summary>What a <see cref="SequenceForecaster{T}"/> forecasts for the coming steps, the next one first.</summary>
/// <param name="Values">The forecast of each step.</param>
/// <param name="Lower">The lower end of its interval.</param>
/// <param name="Upper">The upper end of its interval.</param>
public sealed record Forecast(IReadOnlyList<double> Values, IReadOnlyList<double> Lower, IReadOnlyList<double> Upper)
{
    /// <summary>Says what is foreseen of the next step, in the invariant culture.</summary>
    /// <returns>For example <c>Forecast of 12 steps, the next 458.7 (422.2 to 498.3)</c>.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Forecast of {Values.Count} steps, the next {Values[0]:G4} ({Lower[0]:G4} to {Upper[0]:G4})");
}
