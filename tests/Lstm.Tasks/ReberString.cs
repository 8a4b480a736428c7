namespace Lstm.Tasks;

/// <summary>A string of a grammar.</summary>
/// <param name="Symbols">Its symbols, first to last.</param>
/// <param name="Followers">For each symbol but the last, all those that may follow it there, in this string.</param>
public sealed record ReberString(string Symbols, IReadOnlyList<string> Followers);
