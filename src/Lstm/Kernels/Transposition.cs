using System.Runtime.CompilerServices;

namespace Lstm.Kernels;

/// <summary>
/// Writes columns as rows, a square of vectors at a time. Zipping the first half of n vectors with the second moves the
/// lowest bit of "vector, element" to the other end; after log₂ n such rounds vector and element have changed places.
/// </summary>
internal static unsafe class Transposition<T, TVec, TSimd>
    where T : unmanaged
    where TVec : struct
    where TSimd : ISimd<T, TVec>
{
    /// <summary>
    /// target[row · targetStride + column] = source[column · sourceStride + row]. A row of the target is written in whole
    /// vectors, with zeros after the last column.
    /// </summary>
    /// <param name="source">The first element of the first column.</param>
    /// <param name="sourceStride">From one column of the source to the next.</param>
    /// <param name="columns">The columns of the source.</param>
    /// <param name="rows">The rows of the source.</param>
    /// <param name="end">Where the memory of the source ends; what lies between its columns may be read.</param>
    /// <param name="target">Where the first row goes.</param>
    /// <param name="targetStride">From one row in the target to the next.</param>
    /// <param name="ahead">Where, from each element on, what comes next is fetched from; 0 to fetch nothing.</param>
    /// <param name="past">Whether the target, which then starts at a multiple of a vector, is written past the caches.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Run(
        T* source, nint sourceStride, int columns, int rows, T* end, T* target, nint targetStride, nint ahead, bool past)
    {
        int size = TSimd.Count;
        T* scratch = stackalloc T[3 * size * size];
        for (int column = 0; column < columns; column += size)
        {
            int width = Math.Min(size, columns - column);
            for (int row = 0; row < rows; row += size)
            {
                T* from = source + (column * sourceStride) + row;
                T* to = target + (row * targetStride) + column;
                for (int n = 0; ahead != 0 && n < width; n++)
                {
                    // Where a vector lies across two lines, the first has come with the vector before.
                    Cache.Fetch(from + (n * sourceStride) + ahead + size - 1);
                }

                int height = Math.Min(size, rows - row);
                if (width == size && height == size)
                {
                    Square(from, sourceStride, to, targetStride, scratch, past);
                }
                else
                {
                    Part(from, sourceStride, width, height, end, to, targetStride, scratch);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Square(T* source, nint sourceStride, T* target, nint targetStride, T* scratch, bool past)
    {
        int size = TSimd.Count;
        if (size == 1)
        {
            *target = *source;
        }
        else if (size == 2)
        {
            Round(source, sourceStride, target, targetStride, past);
        }
        else if (size == 4)
        {
            TwoRounds(source, sourceStride, target, targetStride, past);
        }
        else
        {
            TwoRounds(source, sourceStride, scratch, size, false);
            if (size == 8)
            {
                Round(scratch, size, target, targetStride, past);
            }
            else
            {
                TwoRounds(scratch, size, target, targetStride, past);
            }
        }
    }

    /// <summary>A square that the matrix does not fill.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Part(
        T* source, nint sourceStride, int width, int height, T* end, T* target, nint targetStride, T* scratch)
    {
        int size = TSimd.Count;
        T* square = scratch + (size * size);
        for (int column = 0; column < size; column++, source += sourceStride)
        {
            TVec vector = column >= width ? TSimd.Zero
                : source + size <= end ? TSimd.Load(source)
                : Partial<T, TVec, TSimd>.Load(source, height);
            TSimd.Store(vector, square + (column * size));
        }

        T* result = square + (size * size);
        Square(square, size, result, size, scratch, false);
        for (int row = 0; row < height; row++)
        {
            TSimd.Store(TSimd.Load(result + (row * size)), target + (row * targetStride));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(T* source, nint sourceStride, T* target, nint targetStride, bool past)
    {
        int half = TSimd.Count / 2;
        for (int n = 0; n < half; n++)
        {
            TVec a = TSimd.Load(source + (n * sourceStride));
            TVec b = TSimd.Load(source + ((n + half) * sourceStride));
            Store(TSimd.ZipLow(a, b), target + (2 * n * targetStride), past);
            Store(TSimd.ZipHigh(a, b), target + (((2 * n) + 1) * targetStride), past);
        }
    }

    /// <summary>Two rounds in registers: what goes in as a quarter of the vectors each comes out as four neighbours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoRounds(T* source, nint sourceStride, T* target, nint targetStride, bool past)
    {
        int quarter = TSimd.Count / 4;
        for (int n = 0; n < quarter; n++, source += sourceStride, target += 4 * targetStride)
        {
            TVec a = TSimd.Load(source);
            TVec b = TSimd.Load(source + (quarter * sourceStride));
            TVec c = TSimd.Load(source + (2 * quarter * sourceStride));
            TVec d = TSimd.Load(source + (3 * quarter * sourceStride));
            TVec low = TSimd.ZipLow(a, c), high = TSimd.ZipHigh(a, c);
            TVec low2 = TSimd.ZipLow(b, d), high2 = TSimd.ZipHigh(b, d);
            Store(TSimd.ZipLow(low, low2), target, past);
            Store(TSimd.ZipHigh(low, low2), target + targetStride, past);
            Store(TSimd.ZipLow(high, high2), target + (2 * targetStride), past);
            Store(TSimd.ZipHigh(high, high2), target + (3 * targetStride), past);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(TVec vector, T* target, bool past)
    {
        if (past)
        {
            TSimd.StorePast(vector, target);
        }
        else
        {
            TSimd.Store(vector, target);
        }
    }
}
