namespace Forecasting.Svg;

/// <summary>A line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Style">Its colour, as the chart's style sheet has it.</param>
/// <param name="First">The place of its first point on the horizontal axis.</param>
/// <param name="Values">Its points, one apart.</param>
public sealed record Line(string Name, Style Style, int First, IReadOnlyList<double> Values);
