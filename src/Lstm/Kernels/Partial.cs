using System.Runtime.CompilerServices;

namespace Lstm.Kernels;

/// <summary>Loads and stores of the first elements of a vector, where a user's array ends within it.</summary>
internal static unsafe class Partial<T, TVec, TSimd>
    where T : unmanaged
    where TVec : struct
    where TSimd : ISimd<T, TVec>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Load(T* source, int count) => count == TSimd.Count ? TSimd.Load(source) : LoadSome(source, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(TVec vector, T* target, int count)
    {
        if (count == TSimd.Count)
        {
            TSimd.Store(vector, target);
        }
        else
        {
            StoreSome(vector, target, count);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TVec LoadSome(T* source, int count)
    {
        T* whole = stackalloc T[TSimd.Count];
        new ReadOnlySpan<T>(source, count).CopyTo(new Span<T>(whole, count));

        return TSimd.Load(whole);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void StoreSome(TVec vector, T* target, int count)
    {
        T* whole = stackalloc T[TSimd.Count];
        TSimd.Store(vector, whole);
        new ReadOnlySpan<T>(whole, count).CopyTo(new Span<T>(target, count));
    }
}
