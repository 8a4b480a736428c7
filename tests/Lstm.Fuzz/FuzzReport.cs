namespace Lstm.Fuzz;

/// <summary>What came of the mutations of one kind of files.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Count">How many mutations were read.</param>
/// <param name="Loaded">How many of them could be read to the end; the others were refused.</param>
/// <param name="MostBytes">The most that reading one has allocated, in bytes beyond twice the file; less than 0 if never as much.</param>
/// <param name="Longest">The longest that reading one took.</param>
/// <param name="Failure">What went wrong, at which mutation; null if nothing did.</param>
public sealed record FuzzReport(string Kind, int Count, int Loaded, long MostBytes, TimeSpan Longest, string? Failure)
{
    /// <summary>A line for people.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Kind}: {Count} mutations, {Loaded} read, {Count - Loaded} refused; at most {MostBytes / 1e6:F2} MB beyond twice the file, at most {Longest.TotalMilliseconds:F0} ms. {(Failure is null ? "Passed." : "FAILED: " + Failure)}");
}
