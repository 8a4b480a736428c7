using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lstm.Kernels;

/// <summary>
/// Gradients of weights, G += Y Xᵀ over all columns of a pass, and of their bias, g += Σ Y. The result is shared out
/// between the threads tile by tile, so that the order of each sum does not depend on their number.
/// </summary>
internal sealed unsafe class OuterProduct<T, TVec, TSimd>
    where T : unmanaged, INumber<T>
    where TVec : struct
    where TSimd : ISimd<T, TVec>
{
    /// <summary>The most columns that are summed before the result is touched: a panel of 256 KB for AVX-512.</summary>
    private const int MaxBlock = 1024;

    /// <summary>How many columns ahead Y is fetched: a group of it is a short piece of each column, far from the next.</summary>
    private const int FetchColumns = 16;

    private readonly AlignedBuffer<T> _right = new();
    private readonly AlignedBuffer<T> _left = new();
    private T* _packedRight;
    private T* _packedLeft;

    private int _block;
    private int _rightStride;

    /// <summary>Makes room for a pass of so many columns and threads, and so many rows of X in all.</summary>
    public void Prepare(int columns, int rightRows, int threads)
    {
        int blocks = (columns + MaxBlock - 1) / MaxBlock;
        _block = (columns + blocks - 1) / blocks;

        // Rows a multiple of 4 KB apart would all fall into the same few sets of the caches.
        int line = Cache.Line / sizeof(T);
        _rightStride = (_block + (2 * line) - 1) / line * line;
        _rightStride += _rightStride * sizeof(T) % 4096 == 0 ? line : 0;
        _packedRight = _right.Get(((long)_rightStride * rightRows) + TSimd.Count);
        _packedLeft = _left.Get((((long)threads * _block) + 1) * GateOrder.MaxVectors * TSimd.Count);
    }

    /// <summary>
    /// This thread's share of G₁ += Y X₁ᵀ, G₂ += Y X₂ᵀ and g += Σ Y. All threads of the job have to call it.
    /// </summary>
    public void Run(TeamJob job, int thread, int columns, in OuterOperands<T> operands)
    {
        GateOrder rows = operands.Rows;
        int split = Tiles(operands.First.Rows);
        int tiles = split + Tiles(operands.Second.Rows);
        int work = rows.Groups * tiles;
        for (int start = 0; start < columns; start += _block)
        {
            int count = Math.Min(_block, columns - start);
            int first = job.First(tiles, thread);
            int end = job.First(tiles, thread + 1);
            PackRight(operands.First, 0, start, count, Math.Min(first, split), Math.Min(end, split));
            PackRight(operands.Second, operands.First.Rows, start, count, Math.Max(first - split, 0), Math.Max(end - split, 0));
            job.Wait();
            int endWork = job.First(work, thread + 1);
            for (int item = job.First(work, thread); item < endWork;)
            {
                (int group, int tile) = Math.DivRem(item, tiles);
                int endTile = Math.Min(tiles, tile + endWork - item);
                int step = rows.VectorsIn(group) * TSimd.Count;
                T* left = Left(thread);
                AheadRuns data;
                if (operands.LeftColumn == 0)
                {
                    step = operands.PanelStride;
                    left = operands.Left + ((((long)group * operands.LeftColumns) + start) * step);
                    data = new AheadRuns
                    {
                        // The panel of the next group.
                        Start = left + ((long)operands.LeftColumns * step),
                        Count = group + 1 < rows.Groups ? 1 : 0,
                        Bytes = (long)count * step * sizeof(T),
                    };
                }
                else
                {
                    PackLeft(operands, group, start, count, left);
                    data = NextLeft(operands, group, start, count);
                }

                if (tile == 0)
                {
                    AddBias(rows, group, left, step, count, operands.BiasGradient);
                }

                var strip = new Strip
                {
                    Group = group,
                    Left = left,
                    Step = step,
                    Columns = count,
                    GradientColumn = operands.GradientColumn == 0 ? rows.Rows : operands.GradientColumn,
                    DataStep = data.ShareOut(tiles, count),
                    Data = data,
                };
                Add(rows, strip, operands.First.Rows, Math.Min(tile, split), Math.Min(endTile, split), operands.FirstGradient);
                strip.Rows = operands.First.Rows;
                strip.TilesBefore = split;
                Add(rows, strip, operands.Second.Rows, Math.Max(tile - split, 0), Math.Max(endTile - split, 0), operands.SecondGradient);
                item += endTile - tile;
            }

            job.Wait();
        }
    }

    /// <summary>The tiles into which the rows of an X are cut.</summary>
    private static int Tiles(int rightRows) => (rightRows + Tile<T, TVec, TSimd>.MaxColumns - 1) / Tile<T, TVec, TSimd>.MaxColumns;

    /// <summary>
    /// Packs the rows of some tiles of X one after the other, the columns of each row side by side, after the first
    /// <paramref name="offset"/> rows.
    /// </summary>
    private void PackRight(Columns<T> right, int offset, int firstColumn, int columns, int firstTile, int endTile)
    {
        if (firstTile == endTile)
        {
            return;
        }

        int row = Start(right.Rows, firstTile);
        int rows = Start(right.Rows, endTile) - row;
        T* target = _packedRight + ((long)(offset + row) * _rightStride);
        for (int column = 0, run; column < columns; column += run)
        {
            // A run writes whole vectors, and the next one over what the last vector has too much. One that starts
            // within a vector ends with it.
            int room = column % TSimd.Count == 0 ? columns : TSimd.Count - (column % TSimd.Count);
            run = Math.Min(Math.Min(room, columns - column), right.RunFrom(firstColumn + column));
            T* end = right[firstColumn + column + run - 1] + right.Rows;
            Transposition<T, TVec, TSimd>.Run(
                right[firstColumn + column] + row, right.Stride, run, rows, end, target + column, _rightStride, TSimd.Count * right.Stride, false);
        }
    }

    /// <summary>The next group of Y, where that is one piece of each column.</summary>
    private static AheadRuns NextLeft(in OuterOperands<T> operands, int group, int firstColumn, int columns) =>
        operands.LeftGate != 0 || group + 1 == operands.Rows.Groups ? default : new AheadRuns
        {
            Start = operands.Left + ((long)firstColumn * operands.LeftColumn) + operands.Rows.Start(group + 1),
            Next = (long)operands.LeftColumn * sizeof(T),
            Count = columns,
            Bytes = operands.Rows.VectorsIn(group + 1) * TSimd.Count * sizeof(T),
            ByTerm = true,
        };

    /// <summary>Packs a group of Y as [column][rows of the group].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void PackLeft(in OuterOperands<T> operands, int group, int firstColumn, int columns, T* target)
    {
        GateOrder rows = operands.Rows;
        int vectors = rows.VectorsIn(group);
        bool whole = group < rows.WholeGroups;
        bool gates = operands.LeftGate != 0 && rows.TailSegments > 1;
        int segments = gates && !whole ? rows.TailSegments : 1;
        int filled = rows.SegmentsIn(group) * rows.WidthIn(group) / segments;
        int gate = gates ? operands.LeftGate : TSimd.Count;
        T* source = operands.Left + ((long)firstColumn * operands.LeftColumn) + (gates ? rows.Natural(group) : rows.Start(group));
        for (int column = 0; column < columns; column++, source += operands.LeftColumn, target += vectors * TSimd.Count)
        {
            T* ahead = source + (FetchColumns * operands.LeftColumn);
            if (whole)
            {
                for (int n = 0; n < vectors; n++)
                {
                    Cache.FetchNear(ahead + (n * gate), TSimd.Count * sizeof(T));
                    TSimd.Store(TSimd.Load(source + (n * gate)), target + (n * TSimd.Count));
                }

                continue;
            }

            for (int n = 0; n < segments; n++)
            {
                new ReadOnlySpan<T>(source + (n * gate), filled).CopyTo(new Span<T>(target + (n * filled), filled));
            }
        }
    }

    /// <summary>g += Σ Y over the packed columns, for one group of rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddBias(GateOrder rows, int group, T* left, int step, int columns, T* gradient)
    {
        int width = rows.WidthIn(group);
        T* sums = stackalloc T[GateOrder.MaxVectors * TSimd.Count];
        TVec a = TSimd.Zero, b = a, c = a, d = a;

        // Reads of all four vectors, whatever the group has: beyond its own they are not used, and lie within the buffer.
        for (int column = 0; column < columns; column++, left += step)
        {
            a = TSimd.Add(a, TSimd.Load(left));
            b = TSimd.Add(b, TSimd.Load(left + TSimd.Count));
            c = TSimd.Add(c, TSimd.Load(left + (2 * TSimd.Count)));
            d = TSimd.Add(d, TSimd.Load(left + (3 * TSimd.Count)));
        }

        TSimd.Store(a, sums);
        TSimd.Store(b, sums + TSimd.Count);
        TSimd.Store(c, sums + (2 * TSimd.Count));
        TSimd.Store(d, sums + (3 * TSimd.Count));
        for (int segment = 0; segment < rows.SegmentsIn(group); segment++)
        {
            AddTo(gradient + rows.Natural(group) + (segment * rows.SegmentStride), sums + (segment * width), width);
        }
    }

    /// <summary>G += Y Xᵀ over the packed columns, for one group of rows and some tiles of X.</summary>
    private void Add(GateOrder rows, in Strip strip, int rightRows, int firstTile, int endTile, T* gradient)
    {
        int group = strip.Group;
        int gradientColumn = strip.GradientColumn;
        int vectors = rows.VectorsIn(group);
        int padded = vectors * TSimd.Count;
        bool full = group < rows.WholeGroups;
        T* scratch = stackalloc T[padded * Tile<T, TVec, TSimd>.MaxColumns];
        T* target = gradient + rows.Natural(group);
        TileLayout layout = new()
        {
            Depth = strip.Columns,
            DataStep = strip.DataStep,
            LeftStep = strip.Step,
            RightColumn = _rightStride,
            StartRow = full ? rows.SegmentStride : TSimd.Count,
            StartColumn = full ? gradientColumn : padded,
            ResultRow = full ? rows.SegmentStride : TSimd.Count,
            ResultColumn = full ? gradientColumn : padded,
        };
        for (int tile = firstTile; tile < endTile; tile++)
        {
            int row = Start(rightRows, tile);
            int width = Start(rightRows, tile + 1) - row;
            T* right = _packedRight + ((long)(strip.Rows + row) * _rightStride);

            // The tiles that follow.
            layout.Ahead = right + (width * _rightStride);
            layout.Data = strip.Data[strip.TilesBefore + tile];
            T* result = full ? target + ((long)row * gradientColumn) : scratch;
            for (int column = width; full && column < 2 * width; column++)
            {
                // The next tile of the result.
                for (int vector = 0; vector < vectors; vector++)
                {
                    Cache.FetchNear(result + ((long)column * gradientColumn) + (vector * layout.ResultRow), TSimd.Count * sizeof(T));
                }
            }

            if (!full)
            {
                new Span<T>(scratch, padded * width).Clear();
            }

            Tile<T, TVec, TSimd>.Multiply(vectors, width, layout, strip.Left, right, result, result);
            for (int column = 0; !full && column < width; column++)
            {
                for (int segment = 0; segment < rows.TailSegments; segment++)
                {
                    AddTo(
                        target + ((long)(row + column) * gradientColumn) + (segment * rows.SegmentStride),
                        scratch + (column * padded) + (segment * rows.TailWidth),
                        rows.TailWidth);
                }
            }
        }
    }

    private static void AddTo(T* target, T* source, int length)
    {
        int n = 0;
        for (; n <= length - TSimd.Count; n += TSimd.Count)
        {
            TSimd.Store(TSimd.Add(TSimd.Load(target + n), TSimd.Load(source + n)), target + n);
        }

        for (; n < length; n++)
        {
            target[n] += source[n];
        }
    }

    private static int Start(int rightRows, int tile) => (int)((long)rightRows * tile / Tiles(rightRows));

    private T* Left(int thread) => _packedLeft + ((long)thread * _block * GateOrder.MaxVectors * TSimd.Count);

    /// <summary>One group of Y's rows over some columns.</summary>
    private struct Strip
    {
        public int Group;

        /// <summary>Y's rows.</summary>
        public T* Left;

        /// <summary>From one of Y's columns to the next.</summary>
        public int Step;

        public int Columns;

        /// <summary>From one column of the gradients to the next.</summary>
        public int GradientColumn;

        /// <summary>The rows of X and their tiles that lie before those of this X.</summary>
        public int Rows;

        /// <inheritdoc cref="Rows"/>
        public int TilesBefore;

        /// <summary>What the tiles of both X fetch.</summary>
        public AheadRuns Data;

        /// <inheritdoc cref="TileLayout.DataStep"/>
        public nint DataStep;
    }
}
