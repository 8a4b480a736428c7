using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lstm.Kernels;

/// <summary>
/// A product of a matrix and one vector, with the matrix read where it lies. The time is that of reading the matrix from
/// its cache: four columns at once make four streams from front to back, which the processor fetches ahead by itself; with
/// eight it is slower.
/// </summary>
internal static unsafe class VectorProduct<T, TVec, TSimd>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    /// <summary>Columns of a pass (steps × sequences) for which packing the weights does not pay.</summary>
    public const int MaxColumns = 3;

    private const int Streams = 4;

    /// <summary>y += M x, for some rows of a column-major M; <paramref name="stride"/> is the number of all its rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(T* matrix, int stride, int rows, int depth, T* x, T* y)
    {
        for (int k = 0; k < depth; k += Streams, matrix += (long)stride * Streams)
        {
            int columns = Math.Min(Streams, depth - k);
            if (columns == Streams)
            {
                AddStreams(matrix, stride, rows, x + k, y);
                continue;
            }

            for (int column = 0; column < columns; column++)
            {
                AddColumn(matrix + ((long)column * stride), rows, x[k + column], y);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddStreams(T* m0, int stride, int rows, T* x, T* y)
    {
        T* m1 = m0 + stride, m2 = m1 + stride, m3 = m2 + stride;
        TVec x0 = TSimd.Broadcast(x[0]), x1 = TSimd.Broadcast(x[1]), x2 = TSimd.Broadcast(x[2]), x3 = TSimd.Broadcast(x[3]);
        int last = rows - TSimd.Count;
        if (last < 0)
        {
            // The same arithmetic as of whole vectors, and of packed weights.
            TVec sum = TSimd.MultiplyAdd(Part(m0, rows), x0, Part(y, rows));
            sum = TSimd.MultiplyAdd(Part(m1, rows), x1, sum);
            sum = TSimd.MultiplyAdd(Part(m2, rows), x2, sum);
            sum = TSimd.MultiplyAdd(Part(m3, rows), x3, sum);
            Partial<T, TVec, TSimd>.Store(sum, y, rows);
            return;
        }

        // The last vector ends with the last row. What it has in common with the one before is the same twice, as it is
        // computed before any of it is stored.
        TVec end = Sum(last);
        for (int row = 0; row < last; row += TSimd.Count)
        {
            TSimd.Store(Sum(row), y + row);
        }

        TSimd.Store(end, y + last);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        TVec Sum(int row)
        {
            TVec sum = TSimd.MultiplyAdd(TSimd.Load(m0 + row), x0, TSimd.Load(y + row));
            sum = TSimd.MultiplyAdd(TSimd.Load(m1 + row), x1, sum);
            sum = TSimd.MultiplyAdd(TSimd.Load(m2 + row), x2, sum);
            return TSimd.MultiplyAdd(TSimd.Load(m3 + row), x3, sum);
        }
    }

    /// <summary>y += Mᵀ x, for a column-major M of depth × columns: a sum along each column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddTransposed(T* matrix, int depth, int columns, T* x, T* y)
    {
        const int Together = 4;
        T* lanes = stackalloc T[Together * TSimd.Count];
        int whole = depth - (depth % TSimd.Count);

        // The last elements of x are filled up with zeros, by which what comes after a column of M is multiplied.
        new Span<T>(lanes, TSimd.Count).Clear();
        new ReadOnlySpan<T>(x + whole, depth - whole).CopyTo(new Span<T>(lanes, TSimd.Count));
        TVec rest = TSimd.Load(lanes);
        long readable = ((long)depth * columns) - whole - TSimd.Count;
        int column = 0;
        for (; (column + Together - 1L) * depth <= readable; column += Together, matrix += (long)Together * depth)
        {
            TVec a = TSimd.Zero, b = a, c = a, d = a;
            T* m0 = matrix, m1 = m0 + depth, m2 = m1 + depth, m3 = m2 + depth;
            nint k = 0;
            for (; k < whole; k += TSimd.Count)
            {
                TVec part = TSimd.Load(x + k);
                a = TSimd.MultiplyAdd(TSimd.Load(m0 + k), part, a);
                b = TSimd.MultiplyAdd(TSimd.Load(m1 + k), part, b);
                c = TSimd.MultiplyAdd(TSimd.Load(m2 + k), part, c);
                d = TSimd.MultiplyAdd(TSimd.Load(m3 + k), part, d);
            }

            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(m0 + k), rest, a), lanes);
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(m1 + k), rest, b), lanes + TSimd.Count);
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(m2 + k), rest, c), lanes + (2 * TSimd.Count));
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(m3 + k), rest, d), lanes + (3 * TSimd.Count));
            for (int n = 0; n < Together; n++)
            {
                y[column + n] += Sum(lanes + (n * TSimd.Count), TSimd.Count);
            }
        }

        for (; column < columns; column++, matrix += depth)
        {
            T sum = T.Zero;
            for (int k = 0; k < depth; k++)
            {
                sum += matrix[k] * x[k];
            }

            y[column] += sum;
        }
    }

    /// <summary>The sum of a vector, in four parts that do not wait for each other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T Sum(T* lanes, int count)
    {
        if (count < 4)
        {
            return count == 1 ? lanes[0] : lanes[0] + lanes[1];
        }

        (T a, T b, T c, T d) = (lanes[0], lanes[1], lanes[2], lanes[3]);
        for (int n = 4; n < count; n += 4)
        {
            a += lanes[n];
            b += lanes[n + 1];
            c += lanes[n + 2];
            d += lanes[n + 3];
        }

        return a + b + (c + d);
    }

    private static void AddColumn(T* column, int rows, T x, T* y)
    {
        TVec factor = TSimd.Broadcast(x);
        for (int row = 0; row < rows; row += TSimd.Count)
        {
            int count = Math.Min(TSimd.Count, rows - row);
            Partial<T, TVec, TSimd>.Store(TSimd.MultiplyAdd(Part(column + row, count), factor, Part(y + row, count)), y + row, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec Part(T* source, int count) => Partial<T, TVec, TSimd>.Load(source, count);
}
