using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Lstm.Kernels;

/// <summary>
/// The inner kernel of every product: up to four vectors of rows by up to six columns, summed over the depth in
/// registers. Vectors of the left operand are loaded one at a time, and single elements of the right operand are
/// broadcast.
/// </summary>
/// <remarks>
/// With R vectors of rows and C columns that takes R·C + C + 1 registers: 16 for 4 × 3 (AVX2), 31 for 4 × 6 (AVX-512,
/// NEON). One register more and the JIT spills inside the loop, at half the speed. Each sum runs over the depth from
/// front to back whatever the tile's size, so that the result does not depend on how a product is cut into tiles.
/// </remarks>
internal static unsafe class Tile<T, TVec, TSimd>
    where T : unmanaged
    where TVec : struct
    where TSimd : ISimd<T, TVec>
{
    /// <summary>Columns of a full tile: as many as the registers hold beside four vectors of rows.</summary>
    public static int MaxColumns => Avx512F.VL.IsSupported || AdvSimd.IsSupported ? 6 : 3;

    /// <summary>result(r, c) = start(r, c) + Σₖ left(r, k) · right(k, c), and on over a second right operand if there is one.</summary>
    public static void Multiply(int rows, int columns, in TileLayout layout, T* left, T* right, T* start, T* result)
    {
        switch (rows)
        {
            case 1:
                Multiply<One>(columns, layout, left, right, start, result);
                break;
            case 2:
                Multiply<Two>(columns, layout, left, right, start, result);
                break;
            case 3:
                Multiply<Three>(columns, layout, left, right, start, result);
                break;
            default:
                Multiply<Four>(columns, layout, left, right, start, result);
                break;
        }
    }

    private static void Multiply<TRows>(int columns, in TileLayout layout, T* left, T* right, T* start, T* result)
        where TRows : struct, ICount
    {
        switch (columns)
        {
            case 1:
                Multiply<TRows, One>(layout, left, right, start, result);
                break;
            case 2:
                Multiply<TRows, Two>(layout, left, right, start, result);
                break;
            case 3:
                Multiply<TRows, Three>(layout, left, right, start, result);
                break;
            case 4:
                Multiply<TRows, Four>(layout, left, right, start, result);
                break;
            case 5:
                Multiply<TRows, Five>(layout, left, right, start, result);
                break;
            default:
                Multiply<TRows, Six>(layout, left, right, start, result);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<TRows, TColumns>(in TileLayout layout, T* left, T* right, T* start, T* result)
        where TRows : struct, ICount
        where TColumns : struct, ICount
    {
        TVec a0 = TSimd.Zero, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0;
        TVec b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0;
        TVec c0 = a0, c1 = a0, c2 = a0, c3 = a0, c4 = a0, c5 = a0;
        TVec d0 = a0, d1 = a0, d2 = a0, d3 = a0, d4 = a0, d5 = a0;
        nint row = layout.StartRow, column = layout.StartColumn;
        Load<TColumns>(start, column, ref a0, ref a1, ref a2, ref a3, ref a4, ref a5);
        if (TRows.Value > 1)
        {
            Load<TColumns>(start + row, column, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5);
        }

        if (TRows.Value > 2)
        {
            Load<TColumns>(start + (2 * row), column, ref c0, ref c1, ref c2, ref c3, ref c4, ref c5);
        }

        if (TRows.Value > 3)
        {
            Load<TColumns>(start + (3 * row), column, ref d0, ref d1, ref d2, ref d3, ref d4, ref d5);
        }

        nint leftStep = layout.LeftStep;

        // An address that is not mapped would cost a walk through the page tables at each term.
        byte* ahead = (byte*)layout.Ahead, data = (byte*)(layout.Data == null ? left : layout.Data);
        nint dataStep = layout.Data == null ? 0 : layout.DataStep;
        nint depth = layout.Depth;
        column = layout.RightColumn;
        for (T* next = (T*)layout.Next; ; next = null)
        {
            T* r1 = right + column, r2 = r1 + column, r3 = r2 + column, r4 = r3 + column, r5 = r4 + column;
            nint k = 0;
            for (; depth != 0; depth--, left += leftStep, k++)
            {
                Cache.Fetch(ahead);
                ahead += Cache.Line;
                Cache.Fetch(data);
                data += dataStep;
                TVec x0 = TSimd.Broadcast(right[k]);
                TVec x1 = TColumns.Value > 1 ? TSimd.Broadcast(r1[k]) : x0;
                TVec x2 = TColumns.Value > 2 ? TSimd.Broadcast(r2[k]) : x0;
                TVec x3 = TColumns.Value > 3 ? TSimd.Broadcast(r3[k]) : x0;
                TVec x4 = TColumns.Value > 4 ? TSimd.Broadcast(r4[k]) : x0;
                TVec x5 = TColumns.Value > 5 ? TSimd.Broadcast(r5[k]) : x0;
                Accumulate<TColumns>(TSimd.Load(left), x0, x1, x2, x3, x4, x5, ref a0, ref a1, ref a2, ref a3, ref a4, ref a5);
                if (TRows.Value > 1)
                {
                    Accumulate<TColumns>(TSimd.Load(left + TSimd.Count), x0, x1, x2, x3, x4, x5, ref b0, ref b1, ref b2, ref b3, ref b4, ref b5);
                }

                if (TRows.Value > 2)
                {
                    Accumulate<TColumns>(TSimd.Load(left + (2 * TSimd.Count)), x0, x1, x2, x3, x4, x5, ref c0, ref c1, ref c2, ref c3, ref c4, ref c5);
                }

                if (TRows.Value > 3)
                {
                    Accumulate<TColumns>(TSimd.Load(left + (3 * TSimd.Count)), x0, x1, x2, x3, x4, x5, ref d0, ref d1, ref d2, ref d3, ref d4, ref d5);
                }
            }

            if (next == null)
            {
                break;
            }

            right = next;
            depth = layout.NextDepth;
            column = layout.NextColumn;
        }

        row = layout.ResultRow;
        column = layout.ResultColumn;
        Store<TColumns>(result, column, a0, a1, a2, a3, a4, a5);
        if (TRows.Value > 1)
        {
            Store<TColumns>(result + row, column, b0, b1, b2, b3, b4, b5);
        }

        if (TRows.Value > 2)
        {
            Store<TColumns>(result + (2 * row), column, c0, c1, c2, c3, c4, c5);
        }

        if (TRows.Value > 3)
        {
            Store<TColumns>(result + (3 * row), column, d0, d1, d2, d3, d4, d5);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate<TColumns>(
        TVec left, TVec x0, TVec x1, TVec x2, TVec x3, TVec x4, TVec x5, ref TVec s0, ref TVec s1, ref TVec s2, ref TVec s3, ref TVec s4, ref TVec s5)
        where TColumns : struct, ICount
    {
        s0 = TSimd.MultiplyAdd(left, x0, s0);
        if (TColumns.Value > 1)
        {
            s1 = TSimd.MultiplyAdd(left, x1, s1);
        }

        if (TColumns.Value > 2)
        {
            s2 = TSimd.MultiplyAdd(left, x2, s2);
        }

        if (TColumns.Value > 3)
        {
            s3 = TSimd.MultiplyAdd(left, x3, s3);
        }

        if (TColumns.Value > 4)
        {
            s4 = TSimd.MultiplyAdd(left, x4, s4);
        }

        if (TColumns.Value > 5)
        {
            s5 = TSimd.MultiplyAdd(left, x5, s5);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<TColumns>(
        T* start, nint column, ref TVec s0, ref TVec s1, ref TVec s2, ref TVec s3, ref TVec s4, ref TVec s5)
        where TColumns : struct, ICount
    {
        s0 = TSimd.Load(start);
        if (TColumns.Value > 1)
        {
            s1 = TSimd.Load(start + column);
        }

        if (TColumns.Value > 2)
        {
            s2 = TSimd.Load(start + (2 * column));
        }

        if (TColumns.Value > 3)
        {
            s3 = TSimd.Load(start + (3 * column));
        }

        if (TColumns.Value > 4)
        {
            s4 = TSimd.Load(start + (4 * column));
        }

        if (TColumns.Value > 5)
        {
            s5 = TSimd.Load(start + (5 * column));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TColumns>(T* result, nint column, TVec s0, TVec s1, TVec s2, TVec s3, TVec s4, TVec s5)
        where TColumns : struct, ICount
    {
        TSimd.Store(s0, result);
        if (TColumns.Value > 1)
        {
            TSimd.Store(s1, result + column);
        }

        if (TColumns.Value > 2)
        {
            TSimd.Store(s2, result + (2 * column));
        }

        if (TColumns.Value > 3)
        {
            TSimd.Store(s3, result + (3 * column));
        }

        if (TColumns.Value > 4)
        {
            TSimd.Store(s4, result + (4 * column));
        }

        if (TColumns.Value > 5)
        {
            TSimd.Store(s5, result + (5 * column));
        }
    }
}
