namespace Lstm.Data;

/// <summary>A sequence of tokens and the sequence that a model is to write when it has read it.</summary>
/// <param name="Source">The tokens to read, in their order; at least one.</param>
/// <param name="Target">The tokens to write; may be none.</param>
public sealed record TokenPair(IReadOnlyList<int> Source, IReadOnlyList<int> Target)
{
    /// <summary>Says what the pair is, not what is in it.</summary>
    /// <returns>For example <c>TokenPair of 11 and 10 tokens</c>.</returns>
    public override string ToString() => $"TokenPair of {Source.Count} and {Target.Count} tokens";
}
