using System.Runtime.CompilerServices;

namespace Lstm.Kernels;

/// <summary>
/// The left operand of a product, copied into panels that the kernel reads from front to back: each panel is a group of
/// up to four vectors of rows, stored [depth][rows of the group], with zeros where the last vector is not full.
/// </summary>
internal sealed unsafe class PackedMatrix<T, TVec, TSimd>
    where T : unmanaged
    where TVec : struct
    where TSimd : ISimd<T, TVec>
{
    /// <summary>Columns that are packed together, so that each of their lines is in the nearest cache until all of it is read.</summary>
    private const int Block = 2;

    /// <summary>
    /// How many columns ahead each line is fetched. The rows of a group are short pieces of every column, which the
    /// processor does not predict; far ahead along a column would only be the next gate, whose turn is now as well.
    /// </summary>
    private const int FetchColumns = 4;

    /// <summary>
    /// The bytes from which on a matrix is written past the caches: it would drive out of a level-2 cache what it is
    /// made of, and each line would be read first, only to be overwritten.
    /// </summary>
    private const long PastBytes = 512 * 1024;

    private readonly AlignedBuffer<T> _buffer = new();
    private T* _start;
    private bool _past;
    private bool _single;

    /// <summary>How the rows are ordered.</summary>
    public GateOrder Rows { get; private set; }

    /// <summary>The terms of each sum.</summary>
    public int Depth { get; private set; }

    /// <summary>Makes room for a matrix; one of the Pack methods then fills it, group by group.</summary>
    public void Prepare(GateOrder rows, int depth)
    {
        (Rows, Depth, _single) = (rows, depth, false);
        _start = _buffer.Get((long)rows.PaddedRows * depth);
        _past = (long)rows.PaddedRows * depth * sizeof(T) >= PastBytes;
    }

    /// <summary>Makes room for a single group at a time: each takes the place of the one before.</summary>
    public void PrepareSingle(GateOrder rows, int depth)
    {
        (Rows, Depth, _single, _past) = (rows, depth, true, false);
        _start = _buffer.Get((long)GateOrder.MaxVectors * TSimd.Count * depth);
    }

    public T* Panel(int group) => _start + (_single ? 0 : (long)Rows.Start(group) * Depth);

    /// <summary>
    /// Packs groups of a column-major matrix whose rows are this matrix's rows, and whose columns are some of its depth.
    /// </summary>
    public void PackRows(T* source, int firstDepth, int depth, int firstGroup, int endGroup)
    {
        long stride = Rows.Rows;
        for (int start = 0; start < depth; start += Block)
        {
            int end = Math.Min(start + Block, depth);
            for (int group = firstGroup; group < endGroup; group++)
            {
                int width = Rows.VectorsIn(group) * TSimd.Count;
                T* target = Panel(group) + ((long)(firstDepth + start) * width);
                for (int k = start; k < end; k++, target += width)
                {
                    CopyColumn(source + (k * stride) + Rows.Natural(group), target, group);
                }
            }
        }

        if (_past)
        {
            Cache.Drain();
        }
    }

    /// <summary>
    /// Packs groups of the transpose of a column-major matrix: its columns are this matrix's rows, and its rows, in the
    /// given order, are the depth.
    /// </summary>
    public void PackColumns(T* source, GateOrder depth, int firstGroup, int endGroup)
    {
        T* end = source + ((long)Rows.Rows * depth.Rows);

        // Only a vector that is a whole line: the others of a line come much later.
        bool past = _past && TSimd.Count * sizeof(T) == Cache.Line;
        for (int group = firstGroup; group < endGroup; group++)
        {
            int width = Rows.VectorsIn(group) * TSimd.Count;
            int first = Rows.Natural(group);
            int columns = Math.Min(width, Rows.Rows - first);
            T* target = Panel(group);
            for (int part = 0; part < depth.Groups; part++)
            {
                int length = depth.WidthIn(part);
                for (int segment = 0; segment < depth.SegmentsIn(part); segment++)
                {
                    T* from = source + ((long)first * depth.Rows) + depth.Natural(part) + (segment * (long)depth.SegmentStride);
                    // The next run of the same columns.
                    bool last = segment + 1 == depth.SegmentsIn(part);
                    int ahead = last ? depth.Natural(Math.Min(part + 1, depth.Groups - 1)) - depth.Natural(part) - (segment * depth.SegmentStride) : depth.SegmentStride;
                    Transposition<T, TVec, TSimd>.Run(from, depth.Rows, columns, length, end, target, width, ahead, past);
                    target += (long)length * width;
                }
            }
        }

        if (_past)
        {
            Cache.Drain();
        }
    }

    /// <summary>
    /// Packs groups of a column-major matrix of gates one after the other, each padded to whole vectors, as
    /// <see cref="GateBlocks"/> has them; its columns are some of this matrix's depth.
    /// </summary>
    public void PackGates(T* source, int stride, GateBlocks gates, int firstDepth, int depth, int firstGroup, int endGroup)
    {
        for (int group = firstGroup; group < endGroup; group++)
        {
            int width = Rows.VectorsIn(group) * TSimd.Count;
            T* target = Panel(group) + ((long)firstDepth * width);
            for (int vector = 0; vector < Rows.VectorsIn(group); vector++)
            {
                (int gate, int unit) = Math.DivRem(Rows.Start(group) + (vector * TSimd.Count), gates.Stride);
                T* from = source + ((long)gate * gates.Units) + unit;
                T* to = target + (vector * TSimd.Count);
                int units = Math.Min(TSimd.Count, gates.Units - unit);
                for (int k = 0; k < depth; k++, from += stride, to += width)
                {
                    TSimd.Store(Partial<T, TVec, TSimd>.Load(from, units), to);
                    if (units < TSimd.Count)
                    {
                        new Span<T>(to + units, TSimd.Count - units).Clear();
                    }
                }
            }
        }
    }

    /// <summary>
    /// Packs groups of the transpose of a column-major matrix of gates: its columns are this matrix's rows, and its rows,
    /// each gate padded to whole vectors, the depth.
    /// </summary>
    public void PackGateColumns(T* source, int stride, GateBlocks gates, int firstGroup, int endGroup)
    {
        T* end = source + ((Rows.Rows - 1L) * stride) + ((long)gates.Count * gates.Units);
        for (int group = firstGroup; group < endGroup; group++)
        {
            int width = Rows.VectorsIn(group) * TSimd.Count;
            int first = Rows.Natural(group);
            int columns = Math.Min(width, Rows.Rows - first);
            T* target = Panel(group);
            for (int gate = 0; gate < gates.Count; gate++)
            {
                T* from = source + ((long)first * stride) + ((long)gate * gates.Units);
                Transposition<T, TVec, TSimd>.Run(from, stride, columns, gates.Units, end, target, width, TSimd.Count, false);
                target += (long)gates.Units * width;
                long padding = (long)(gates.Stride - gates.Units) * width;
                new Span<T>(target, (int)padding).Clear();
                target += padding;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyColumn(T* source, T* target, int group)
    {
        if (group < Rows.WholeGroups)
        {
            for (int vector = 0; vector < Rows.VectorsIn(group); vector++)
            {
                T* from = source + ((long)vector * Rows.SegmentStride);
                Cache.Fetch(from + ((long)FetchColumns * Rows.Rows));
                if (_past)
                {
                    TSimd.StorePast(TSimd.Load(from), target + (vector * TSimd.Count));
                }
                else
                {
                    TSimd.Store(TSimd.Load(from), target + (vector * TSimd.Count));
                }
            }

            return;
        }

        int width = Rows.TailWidth;
        int filled = Rows.TailSegments * width;
        for (int segment = 0; segment < Rows.TailSegments; segment++)
        {
            new ReadOnlySpan<T>(source + ((long)segment * Rows.SegmentStride), width)
                .CopyTo(new Span<T>(target + (segment * width), width));
        }

        new Span<T>(target + filled, (Rows.TailVectors * TSimd.Count) - filled).Clear();
    }
}
