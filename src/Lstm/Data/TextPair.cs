namespace Lstm.Data;

/// <summary>A text and the text that a model is to write when it has read it.</summary>
/// <param name="Source">The text to read; at least one token.</param>
/// <param name="Target">The text to write; may be empty.</param>
public sealed record TextPair(string Source, string Target);
