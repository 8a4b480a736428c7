namespace Forecasting.Svg;

/// <summary>An area of a chart between two lines.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="First">The place of its first points on the horizontal axis.</param>
/// <param name="Lower">The lower edge, one point apart.</param>
/// <param name="Upper">The upper edge, as many points.</param>
public sealed record Band(string Name, int First, IReadOnlyList<double> Lower, IReadOnlyList<double> Upper);
