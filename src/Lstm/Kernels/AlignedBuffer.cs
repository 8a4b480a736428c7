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
            long padded = length + (Alignment / sizeof(T));
            if (padded > Array.MaxLength)
            {
                throw new NotSupportedException(
                    $"A pass needs {padded} numbers in one array, which holds at most {Array.MaxLength}; give it fewer steps or sequences.");
            }

            _array = GC.AllocateUninitializedArray<T>((int)padded, pinned: true);
            nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_array));
            _start = (T*)((address + Alignment - 1) & -Alignment);
            Length = length;
        }

        return _start;
    }
}
