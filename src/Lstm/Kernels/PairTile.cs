using System.Runtime.CompilerServices;

namespace Lstm.Kernels;

/// <summary>
/// The inner kernel for a single column. With one panel at a time there would be four sums, which do not cover the latency
/// of a multiply-add, and one stream from the cache; two panels at a time make eight sums and two streams.
/// </summary>
internal static unsafe class PairTile<T, TVec, TSimd>
    where T : unmanaged
    where TVec : struct
    where TSimd : ISimd<T, TVec>
{
    /// <summary>z += P x, for the two neighbouring panels of P that start where they are said to.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Add(T* left, T* right, nint depth, T* x, T* z)
    {
        TVec a = Part(z, 0), b = Part(z, 1), c = Part(z, 2), d = Part(z, 3);
        TVec e = Part(z, 4), f = Part(z, 5), g = Part(z, 6), h = Part(z, 7);
        for (T* end = x + depth; x != end; x++, left += 4 * TSimd.Count, right += 4 * TSimd.Count)
        {
            TVec factor = TSimd.Broadcast(*x);
            a = TSimd.MultiplyAdd(Part(left, 0), factor, a);
            b = TSimd.MultiplyAdd(Part(left, 1), factor, b);
            c = TSimd.MultiplyAdd(Part(left, 2), factor, c);
            d = TSimd.MultiplyAdd(Part(left, 3), factor, d);
            e = TSimd.MultiplyAdd(Part(right, 0), factor, e);
            f = TSimd.MultiplyAdd(Part(right, 1), factor, f);
            g = TSimd.MultiplyAdd(Part(right, 2), factor, g);
            h = TSimd.MultiplyAdd(Part(right, 3), factor, h);
        }

        Store(z, a, b, c, d);
        Store(z + (4 * TSimd.Count), e, f, g, h);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec Part(T* start, int part) => TSimd.Load(start + (part * TSimd.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* z, TVec a, TVec b, TVec c, TVec d)
    {
        TSimd.Store(a, z);
        TSimd.Store(b, z + TSimd.Count);
        TSimd.Store(c, z + (2 * TSimd.Count));
        TSimd.Store(d, z + (3 * TSimd.Count));
    }
}
