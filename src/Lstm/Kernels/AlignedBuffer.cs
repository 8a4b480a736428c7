using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Lstm.Kernels;

/// <summary>
/// Scratch memory at a multiple of 64 bytes (a cache line, and the widest vector), that grows to the largest size asked
/// for and then stays. It is a pinned array, so that nothing has to be disposed of.
/// </summary>
internal sealed unsafe class AlignedBuffer<T>
    where T : unmanaged
{
    private const int Alignment = 64;
    private T[] _array = [];
    private T* _start;

    public long Length { get; private set; }

    /// <summary>The memory, of at least the given length. What was in it is lost when it has to grow.</summary>
    public T* Get(long length)
    {
        if (length > Length)
        {
            _array = GC.AllocateUninitializedArray<T>(checked((int)(length + (Alignment / sizeof(T)))), pinned: true);
            nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
            _start = (T*)((address + Alignment - 1) & -Alignment);
            Length = length;
        }

        return _start;
    }
}
