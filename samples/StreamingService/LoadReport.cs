using System.Diagnostics;

namespace StreamingService;

/// <summary>What came of a load test.</summary>
/// <param name="Options">What was asked for.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Wrong">The answers that differ from those computed alone.</param>
/// <param name="Times">How long each request took, in ticks of the stop watch, in ascending order.</param>
public sealed record LoadReport(LoadOptions Options, TimeSpan Elapsed, long Wrong, IReadOnlyList<long> Times)
{
    /// <summary>The steps answered.</summary>
    public int Steps => Times.Count;

    /// <summary>The milliseconds that a share of the requests took at most.</summary>
    public double Milliseconds(double share) =>
        1000.0 * Times[Math.Max(0, (int)Math.Ceiling(share * Times.Count) - 1)] / Stopwatch.Frequency;

    public override string ToString() => string.Join(
        Environment.NewLine,
        $"{Options.Keys} keys from {Options.Connections} connections for {Elapsed.TotalSeconds:F1} s: {Steps} steps, {Steps / Elapsed.TotalSeconds:F0} a second",
        $"a request took {Milliseconds(0.5):F2} ms in the median, {Milliseconds(0.99):F2} ms at the 99th percentile, {Milliseconds(1):F1} ms at most",
        Wrong == 0 ? "every answer equals the answer computed alone" : $"{Wrong} answers differ from those computed alone");
}
