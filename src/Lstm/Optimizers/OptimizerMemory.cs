using System.Numerics;
using System.Runtime.InteropServices;

namespace Lstm.Optimizers;

/// <summary>
/// What an optimizer remembers of a parameter: arrays of its size, filled up to whole vectors, zeros at the start; and how
/// many steps it has taken.
/// </summary>
internal sealed class OptimizerMemory<T>(int arrays, int count)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector<T>[][] _arrays =
        [.. Enumerable.Range(0, arrays).Select(_ => new Vector<T>[(count + Vector<T>.Count - 1) / Vector<T>.Count])];

    public long Steps { get; set; }

    public Vector<T>[] this[int array] => _arrays[array];

    /// <summary>The elements of an array, without what fills up the last vector.</summary>
    public Span<T> Values(int array) => MemoryMarshal.Cast<Vector<T>, T>(_arrays[array].AsSpan()).Slice(0, count);
}
