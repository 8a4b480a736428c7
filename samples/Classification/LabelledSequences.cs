using Lstm;

namespace Classification;

/// <summary>Sequences and the class of each.</summary>
/// <param name="Name">Where they are from.</param>
/// <param name="Features">The numbers at each step.</param>
/// <param name="Sequences">The sequences, each T × 1 × features; NaN where a number is missing.</param>
/// <param name="Labels">A label for each.</param>
/// <param name="Lines">The line of the file for each, from 1; empty if they are not from a file.</param>
public sealed record LabelledSequences(
    string Name, int Features, IReadOnlyList<Sequence<float>> Sequences, IReadOnlyList<string> Labels, IReadOnlyList<int> Lines);
