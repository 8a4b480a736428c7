using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Lstm.Kernels;

/// <summary>Hints to the processor's caches. They change no result, and an address that nobody may read does no harm.</summary>
internal static unsafe class Cache
{
    /// <summary>Bytes in a line.</summary>
    public const int Line = 64;

    /// <summary>Fetches a line into the level-2 cache. Where there is no such instruction it does nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(address);
        }
    }

    /// <summary>Makes what was stored past the caches visible to other threads.</summary>
    public static void Drain()
    {
        if (Sse.IsSupported)
        {
            Sse.StoreFence();
        }
    }

    /// <summary>
    /// Fetches the lines of some bytes that will be needed soon into the nearest cache: also that of the last byte, as a
    /// vector that does not begin where a line does has two.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FetchNear(void* start, int bytes)
    {
        if (Sse.IsSupported)
        {
            for (int offset = 0; offset < bytes; offset += Line)
            {
                Sse.Prefetch0((byte*)start + offset);
            }

            Sse.Prefetch0((byte*)start + bytes - 1);
        }
    }
}
