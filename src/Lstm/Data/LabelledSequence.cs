using System.Numerics;

namespace Lstm.Data;

/// <summary>A sequence and its label, to learn from or to measure by.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TLabel">What the labels are: texts, numbers, the names of an enumeration.</typeparam>
/// <param name="Sequence">T × 1 × I, of any number of steps. A missing number is NaN.</param>
/// <param name="Label">The label.</param>
public sealed record LabelledSequence<T, TLabel>(Sequence<T> Sequence, TLabel Label)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLabel : notnull;
