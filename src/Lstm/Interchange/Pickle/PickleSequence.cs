namespace Lstm.Interchange.Pickle;

/// <summary>A tuple, or a list, of values.</summary>
internal sealed record PickleSequence(IReadOnlyList<object?> Items);
