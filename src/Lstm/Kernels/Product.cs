namespace Lstm.Kernels;

/// <summary>
/// Products with a packed left operand. A panel stays in the cache while all columns run over it; a deep one is cut, and
/// the sums go on where they stopped, so that the result is the same to the last bit however the work is cut.
/// </summary>
internal static unsafe class Product<T, TVec, TSimd>
    where T : unmanaged
    where TVec : struct
    where TSimd : ISimd<T, TVec>
{
    /// <summary>
    /// The most terms that run over a panel at once: 256 KB of it for AVX-512, 128 KB for AVX2, so that a level-2 cache
    /// has room for the part in use and the one that is being fetched.
    /// </summary>
    private const int MaxDepth = 1024;

    /// <summary>Z += P X, or Z = s + P X, over some columns of X and Z and some groups of P's rows.</summary>
    /// <param name="left">P.</param>
    /// <param name="firstDepth">The first of P's columns.</param>
    /// <param name="depth">The terms of each sum, P's columns from there on.</param>
    /// <param name="firstGroup">The first group of rows.</param>
    /// <param name="endGroup">Where the groups end.</param>
    /// <param name="right">X, depth × columns.</param>
    /// <param name="rightColumn">From one column of X to the next.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="start">s, in the order of P's rows and padded as they are; or null to add to Z.</param>
    /// <param name="result">Z, in the order of P's rows, each column padded to whole vectors.</param>
    /// <param name="resultColumn">From one column of Z to the next.</param>
    /// <param name="data">What to fetch meanwhile.</param>
    /// <param name="nextGroup">The group that comes after these, in a call to come; negative for the one behind them.</param>
    public static void Padded(
        PackedMatrix<T, TVec, TSimd> left,
        int firstDepth,
        int depth,
        int firstGroup,
        int endGroup,
        T* right,
        nint rightColumn,
        int columns,
        T* start,
        T* result,
        nint resultColumn,
        AheadRuns data = default,
        int nextGroup = -1)
    {
        TileLayout layout = Layout(rightColumn, resultColumn);
        int tiles = (columns + Tile<T, TVec, TSimd>.MaxColumns - 1) / Tile<T, TVec, TSimd>.MaxColumns;
        int parts = (depth + MaxDepth - 1) / MaxDepth;
        layout.DataStep = data.ShareOut((endGroup - firstGroup) * parts * tiles, Math.Max(depth / Math.Max(parts, 1), 1));
        int paired = columns == 1 ? Paired(left.Rows, firstGroup, endGroup) : 0;
        for (int group = firstGroup; group < firstGroup + paired; group += 2)
        {
            Pair(left, group, firstDepth, depth, right, start, result);
        }

        for (int group = firstGroup + paired; group < endGroup; group++)
        {
            int vectors = left.Rows.VectorsIn(group);
            int first = left.Rows.Start(group);
            layout.LeftStep = vectors * TSimd.Count;
            T* panel = left.Panel(group) + (firstDepth * layout.LeftStep);
            int behind = group + 1 < endGroup || nextGroup < 0 ? (group + 1) % left.Rows.Groups : nextGroup;
            T* nextPanel = left.Panel(behind) + (firstDepth * left.Rows.VectorsIn(behind) * TSimd.Count);
            for (int part = 0, k = 0, end; part < parts; part++, k = end)
            {
                end = (int)((long)depth * (part + 1) / parts);
                layout.Depth = end - k;
                T* next = end == depth ? nextPanel : panel + (end * layout.LeftStep);
                bool bias = k == 0 && start != null;
                int before = (((group - firstGroup) * parts) + part) * tiles;
                layout.StartColumn = bias ? 0 : resultColumn;
                for (int tile = 0, column = 0; column < columns; tile++)
                {
                    int width = Width(columns - column);
                    T* target = result + first + (column * resultColumn);

                    // One line for each depth: as many tiles as a panel has vectors fetch the whole of what the panel
                    // goes on with, the others the columns of the next tile.
                    layout.Ahead = tile < vectors
                        ? (byte*)next + (tile * layout.Depth * Cache.Line)
                        : right + ((column + width) * rightColumn) + k;
                    layout.Data = data[before + tile];
                    Tile<T, TVec, TSimd>.Multiply(
                        vectors,
                        width,
                        layout,
                        panel + (k * layout.LeftStep),
                        right + k + (column * rightColumn),
                        bias ? start + first : target,
                        target);
                    column += width;
                }
            }
        }
    }

    /// <summary>Z = s + P₁ X₁ + P₂ X₂ for P = [P₁ P₂] and all groups of its rows, with each sum in a register throughout.</summary>
    /// <param name="left">P.</param>
    /// <param name="first">X₁.</param>
    /// <param name="firstDepth">P₁'s columns; may be 0.</param>
    /// <param name="firstColumn">From one column of X₁ to the next.</param>
    /// <param name="second">X₂, or null if there is none.</param>
    /// <param name="secondColumn">From one column of X₂ to the next.</param>
    /// <param name="columns">The columns.</param>
    /// <param name="start">s, in the order of P's rows.</param>
    /// <param name="result">Z, in the order of P's rows.</param>
    /// <param name="resultColumn">From one column of Z to the next.</param>
    /// <param name="downwards">Whether to begin with the last group, which is the one in the cache if the call before ended there.</param>
    public static void Joined(
        PackedMatrix<T, TVec, TSimd> left,
        T* first,
        int firstDepth,
        nint firstColumn,
        T* second,
        nint secondColumn,
        int columns,
        T* start,
        T* result,
        nint resultColumn,
        bool downwards)
    {
        TileLayout layout = Layout(firstColumn, resultColumn);
        layout.Depth = firstDepth;
        layout.NextDepth = left.Depth - firstDepth;
        layout.NextColumn = secondColumn;
        int groups = left.Rows.Groups;
        int paired = columns == 1 ? Paired(left.Rows, 0, groups) : 0;
        for (int n = 0; n < groups; n++)
        {
            int group = downwards ? groups - 1 - n : n;
            if (group < paired)
            {
                Pair(left, group & ~1, 0, firstDepth, first, start, result);
                if (second != null)
                {
                    Pair(left, group & ~1, firstDepth, left.Depth - firstDepth, second, null, result);
                }

                n++;
                continue;
            }

            int vectors = left.Rows.VectorsIn(group);
            int row = left.Rows.Start(group);
            layout.LeftStep = vectors * TSimd.Count;
            T* panel = left.Panel(group);
            T* next = left.Panel(Math.Clamp(group + (downwards ? -1 : 1), 0, groups - 1));
            for (int tile = 0, column = 0; column < columns; tile++)
            {
                int width = Width(columns - column);
                layout.Next = second == null ? null : second + (column * secondColumn);
                layout.Ahead = (byte*)(tile < vectors ? next : panel) + ((long)(tile % vectors) * left.Depth * Cache.Line);
                Tile<T, TVec, TSimd>.Multiply(
                    vectors, width, layout, panel, first + (column * firstColumn), start + row, result + row + (column * resultColumn));
                column += width;
            }
        }
    }

    /// <summary>
    /// Z = s + P X into a user's array, for some groups of P's rows: these are in the users' order, and nothing beyond a
    /// column's end is touched.
    /// </summary>
    public static void Exact(
        PackedMatrix<T, TVec, TSimd> left,
        int firstGroup,
        int endGroup,
        T* right,
        nint rightColumn,
        int columns,
        T* start,
        T* result,
        nint resultColumn,
        AheadRuns data = default)
    {
        int full = left.Rows.WholeGroups;
        Padded(left, 0, left.Depth, firstGroup, Math.Min(endGroup, full), right, rightColumn, columns, start, result, resultColumn, data);
        if (endGroup <= full)
        {
            return;
        }

        int first = left.Rows.Start(full);
        int padded = left.Rows.TailVectors * TSimd.Count;
        T* scratch = stackalloc T[padded * Tile<T, TVec, TSimd>.MaxColumns];
        for (int column = 0; column < columns;)
        {
            int width = Width(columns - column);
            Padded(left, 0, left.Depth, full, full + 1, right + (column * rightColumn), rightColumn, width, start, scratch - first, padded);
            for (int c = 0; c < width; c++, column++)
            {
                new ReadOnlySpan<T>(scratch + (c * padded), left.Rows.TailWidth)
                    .CopyTo(new Span<T>(result + first + (column * resultColumn), left.Rows.TailWidth));
            }
        }
    }

    /// <summary>The width of the next tile, so that the tiles to come are as equal as can be.</summary>
    public static int Width(int columns)
    {
        int tiles = (columns + Tile<T, TVec, TSimd>.MaxColumns - 1) / Tile<T, TVec, TSimd>.MaxColumns;
        return (columns + tiles - 1) / tiles;
    }

    /// <summary>The first groups that are full and come in pairs, for a single column.</summary>
    private static int Paired(GateOrder rows, int firstGroup, int endGroup) =>
        rows.Vectors == GateOrder.MaxVectors ? Math.Max(Math.Min(endGroup, rows.FullGroups) - firstGroup, 0) & ~1 : 0;

    /// <summary>z += P x, or z = s + P x, for a pair of full groups and a single column.</summary>
    private static void Pair(PackedMatrix<T, TVec, TSimd> left, int group, int firstDepth, int depth, T* right, T* start, T* result)
    {
        int width = left.Rows.Vectors * TSimd.Count;
        int first = left.Rows.Start(group);
        if (start != null)
        {
            new ReadOnlySpan<T>(start + first, 2 * width).CopyTo(new Span<T>(result + first, 2 * width));
        }

        nint skipped = (nint)firstDepth * width;
        PairTile<T, TVec, TSimd>.Add(left.Panel(group) + skipped, left.Panel(group + 1) + skipped, depth, right, result + first);
    }

    private static TileLayout Layout(nint rightColumn, nint resultColumn) => new()
    {
        RightColumn = rightColumn,
        StartRow = TSimd.Count,
        ResultRow = TSimd.Count,
        ResultColumn = resultColumn,
    };
}
