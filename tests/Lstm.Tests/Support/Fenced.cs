using System.Numerics;
using System.Runtime.InteropServices;

namespace Lstm.Tests.Support;

/// <summary>
/// An array for a kernel with NaN before and behind it, which must neither be written nor make a difference.
/// </summary>
internal sealed unsafe class Fenced<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Four of the widest vectors of float.</summary>
    private const int Fence = 64;

    private readonly T[] _array;

    public Fenced(ReadOnlySpan<T> values)
    {
        _array = GC.AllocateArray<T>(values.Length + (2 * Fence), pinned: true);
        _array.AsSpan().Fill(T.NaN);
        values.CopyTo(_array.AsSpan(Fence));
    }

    /// <summary>An array of NaN, for what is to be overwritten.</summary>
    public Fenced(int length)
        : this([.. Enumerable.Repeat(T.NaN, length)])
    {
    }

    public T* Pointer => (T*)Marshal.UnsafeAddrOfPinnedArrayElement(_array, Fence);

    public T[] Values => _array[Fence..^Fence];

    public bool IsIntact => _array[..Fence].Concat(_array[^Fence..]).All(T.IsNaN);
}
