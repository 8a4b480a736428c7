namespace Lstm.Data;

/// <summary>A sequence of tokens and the sequence that is to be written when it has been read.</summary>
/// <param name="Source">The tokens to read, in their order; at least one.</param>
/// <param name="Target">The tokens to write; may be none.</param>
public sealed record TokenPair(IReadOnlyList<int> Source, IReadOnlyList<int> Target);
