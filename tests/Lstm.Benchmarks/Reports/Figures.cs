namespace Lstm.Benchmarks.Reports;

/// <summary>Figures as text.</summary>
internal static class Figures
{
    /// <summary>At least four digits that count, never an exponent.</summary>
    public static string Plain(double value) => value.ToString(value < 10 ? "F4" : "F2", null);

    /// <summary>Three digits that count, for reading.</summary>
    public static string Short(double value) =>
        value.ToString(value < 1 ? "F3" : value < 10 ? "F2" : value < 100 ? "F1" : "F0", null);
}
