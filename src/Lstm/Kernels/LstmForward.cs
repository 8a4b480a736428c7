using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lstm.Kernels;

/// <summary>Forward over all steps of a batch.</summary>
/// <remarks>
/// A tile of (1) holds the four gates of one vector of units for a few sequences, so that (2) to (4) follow while it is
/// in the nearest cache. With a few sequences only, W x of many steps is one product before, since only U hₜ₋₁ has to wait
/// for the step before. With several threads, each takes some of the sequences through all steps, without a barrier; if
/// there are too few of them, each takes the same units at every step, so that its part of the weights stays in its cache.
/// Steps go through the units up and down by turns: what a cache still holds of weights that are larger than it is
/// what the next step begins with.
/// </remarks>
internal sealed unsafe class LstmForward<T, TVec, TSimd>(
    LstmMemory<T> memory, PackedShare<PackedMatrix<T, TVec, TSimd>> share) : TeamJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    private readonly PackedShare<PackedMatrix<T, TVec, TSimd>>.Holder _own = new();
    private readonly AlignedBuffer<T> _biasBuffer = new();
    private readonly AlignedBuffer<T> _tileBuffer = new();
    private LstmPass<T> _pass;

    /// <summary>W and U beside each other: a panel is [W of a group, U of a group].</summary>
    private PackedMatrix<T, TVec, TSimd> _weights = null!;
    private T* _bias;
    private T* _tiles;
    private int _chunk;
    private int _stepsBefore;
    private bool _isPacked;
    private bool _fused;
    private bool _bySequence;

    private static int TileSize => GateOrder.MaxVectors * TSimd.Count * Tile<T, TVec, TSimd>.MaxColumns;

    public void Run(in LstmPass<T> pass, bool training, int threads)
    {
        _pass = pass;
        threads = Schedule.Threads(threads, pass.Steps, pass.Batch, pass.Inputs, pass.HiddenUnits);
        _bySequence = Schedule.BySequence(threads, pass.Batch, Tile<T, TVec, TSimd>.MaxColumns);
        _fused = pass.Columns <= VectorProduct<T, TVec, TSimd>.MaxColumns
            || Schedule.Fused(pass.Batch, 4L * pass.HiddenUnits * (pass.Inputs + pass.HiddenUnits) * sizeof(T));
        _chunk = _fused ? pass.Steps : Schedule.ChunkSteps(pass.Steps, pass.Batch);
        memory.Prepare(pass, training, _fused && pass.Batch > 1 ? 0 : _chunk * pass.Batch, TSimd.Count);
        _bias = _biasBuffer.Get(memory.Rows.PaddedRows);
        _tiles = _tileBuffer.Get((long)threads * TileSize);
        long version = pass.WeightsVersion;
        PackedShare<PackedMatrix<T, TVec, TSimd>>.Holder kept = share.Take(version, _own, out _isPacked);
        _weights = kept.Packed;
        if (!_isPacked)
        {
            _weights.Prepare(memory.Rows, pass.Inputs + pass.HiddenUnits);
        }

        RunOn(threads);
        share.Give(kept, version);

        _stepsBefore = (_stepsBefore + pass.Steps) & 1;
        int units = pass.HiddenUnits;
        long last = (long)(pass.Steps - 1) * pass.Batch;
        LstmMemory<T>.CopyColumns(pass.Output + (last * units), units, pass.FinalHidden, units, units, pass.Batch);
        LstmMemory<T>.CopyColumns(memory.Cells, memory.UnitStride, pass.FinalCell, units, units, pass.Batch);
    }

    internal override void Run(int thread)
    {
        int groups = memory.Rows.Groups;
        int firstGroup = First(groups, thread);
        int endGroup = First(groups, thread + 1);
        if (!_isPacked)
        {
            _weights.PackRows(_pass.InputWeights, 0, _pass.Inputs, firstGroup, endGroup);
            _weights.PackRows(_pass.RecurrentWeights, _pass.Inputs, _pass.HiddenUnits, firstGroup, endGroup);
        }

        memory.Rows.ToKernel(_pass.Bias, _bias, firstGroup, endGroup);
        Wait();
        int firstSequence = _bySequence ? First(_pass.Batch, thread) : 0;
        int endSequence = _bySequence ? First(_pass.Batch, thread + 1) : _pass.Batch;
        for (int start = 0; start < _pass.Steps; start += _chunk)
        {
            int end = Math.Min(start + _chunk, _pass.Steps);
            if (!_fused)
            {
                InputProduct(start, end, thread);
                Wait();
            }

            for (int step = start; step < end; step++)
            {
                int from = _bySequence ? 0 : firstGroup;
                int to = _bySequence ? groups : endGroup;
                int paired = _pass.Batch == 1 ? Math.Max(0, Math.Min(to, memory.Rows.FullGroups) - from) & ~1 : 0;
                bool back = ((step + _stepsBefore) & 1) != 0;
                if (!back)
                {
                    SingleStep(step, from, paired, back);
                }

                for (int n = from + paired; n < to; n++)
                {
                    int group = back ? to - 1 - (n - from - paired) : n;
                    int next = back ? Math.Max(group - 1, from) : Math.Min(group + 1, to - 1);
                    Step(step, firstSequence, endSequence, group, next, _tiles + (thread * TileSize));
                }

                if (back)
                {
                    SingleStep(step, from, paired, back);
                }

                if (!_bySequence)
                {
                    Wait();
                }
            }

            if (_bySequence)
            {
                Wait();
            }
        }
    }

    /// <summary>W x + b for this thread's share of the columns of some steps.</summary>
    private void InputProduct(int start, int end, int thread)
    {
        int columns = (end - start) * _pass.Batch;
        int first = First(columns, thread);
        Product<T, TVec, TSimd>.Padded(
            _weights,
            0,
            _pass.Inputs,
            0,
            memory.Rows.Groups,
            _pass.Input + ((((long)start * _pass.Batch) + first) * _pass.Inputs),
            _pass.Inputs,
            First(columns, thread + 1) - first,
            _bias,
            memory.Chunk + ((long)first * memory.ChunkStride),
            memory.ChunkStride);
    }

    /// <summary>
    /// One step of the only sequence, for pairs of full groups of units, whose cells then go side by side as the sequences
    /// of a batch do.
    /// </summary>
    private void SingleStep(int step, int firstGroup, int groups, bool back)
    {
        if (groups == 0)
        {
            return;
        }

        int units = _pass.HiddenUnits;
        int rows = memory.Rows.Vectors * TSimd.Count;
        T* hidden = step == 0 ? memory.InitialHidden : _pass.Output + ((long)(step - 1) * units);
        T* z = memory.Chunk + ((long)(step % _chunk) * memory.ChunkStride) + memory.Rows.Start(firstGroup);
        for (int n = 0; n < groups; n += 2)
        {
            int pair = back ? groups - 2 - n : n;
            nint skipped = (nint)_pass.Inputs * rows;
            T* left = _weights.Panel(firstGroup + pair);
            T* right = _weights.Panel(firstGroup + pair + 1);
            T* sums = z + (pair * rows);
            if (_fused)
            {
                T* bias = _bias + memory.Rows.Start(firstGroup + pair);
                new ReadOnlySpan<T>(bias, 2 * rows).CopyTo(new Span<T>(sums, 2 * rows));
                PairTile<T, TVec, TSimd>.Add(left, right, _pass.Inputs, _pass.Input + ((long)step * _pass.Inputs), sums);
            }

            PairTile<T, TVec, TSimd>.Add(left + skipped, right + skipped, units, hidden, sums);             // (1)
        }

        LstmCells<T> cells = Cells(step, 0, firstGroup, z);
        cells.Sequences = groups;
        cells.ZColumn = rows;
        cells.CellColumn = TSimd.Count;
        cells.OutputColumn = TSimd.Count;
        cells.KeptColumn = (nint)(memory.Panel(1) - memory.Panel(0));
        cells.Run<TVec, TSimd>();                                                                           // (2) to (4)
    }

    /// <summary>One step of some sequences and one group of units, tile by tile, while the next group's panel is fetched.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Step(int step, int firstSequence, int endSequence, int group, int nextGroup, T* z)
    {
        int vectors = memory.Rows.VectorsIn(group);
        int units = _pass.HiddenUnits;
        long column = ((long)step * _pass.Batch) + firstSequence;
        T* hidden = step == 0 ? memory.InitialHidden : _pass.Output + ((long)(step - 1) * _pass.Batch * units);
        hidden += (long)firstSequence * units;
        T* input = _pass.Input + (column * _pass.Inputs);
        long inChunk = ((long)(step % _chunk) * _pass.Batch) + firstSequence;
        T* start = memory.Chunk + (inChunk * memory.ChunkStride) + memory.Rows.Start(group);
        int terms = _fused ? _weights.Depth : units;
        nint leftStep = vectors * TSimd.Count;
        nint skipped = _fused ? 0 : _pass.Inputs * leftStep;
        T* panel = _weights.Panel(group) + skipped;
        T* next = _weights.Panel(nextGroup) + skipped;
        TileLayout layout = new()
        {
            Depth = _fused ? _pass.Inputs : units,
            LeftStep = leftStep,
            RightColumn = _fused ? _pass.Inputs : units,
            NextDepth = units,
            NextColumn = units,
            StartRow = TSimd.Count,
            StartColumn = _fused ? 0 : memory.ChunkStride,
            ResultRow = TSimd.Count,
            ResultColumn = leftStep,
        };
        LstmCells<T> cells = Cells(step, firstSequence, group, z);
        bool training = cells.Kept != null;
        AheadRuns inputs = new()
        {
            Start = input + ((long)_pass.Batch * _pass.Inputs),
            Count = _fused && !training ? 1 : 0,
            Bytes = (long)(endSequence - firstSequence) * _pass.Inputs * sizeof(T),
        };
        int tiles = (endSequence - firstSequence + Tile<T, TVec, TSimd>.MaxColumns - 1) / Tile<T, TVec, TSimd>.MaxColumns;
        layout.DataStep = training
            ? ((memory.PanelStride * sizeof(T) * Tile<T, TVec, TSimd>.MaxColumns) + terms - 1) / terms
            : inputs.ShareOut(memory.Rows.Groups * tiles, terms);
        for (int tile = 0, sequence = firstSequence; sequence < endSequence; tile++)
        {
            int width = Product<T, TVec, TSimd>.Width(endSequence - sequence);
            layout.Ahead = Ahead(tile % vectors, tile < vectors ? next : panel);

            // What training keeps of the next tile, or else a share of the next step's inputs.
            layout.Data = training ? cells.Kept + (width * cells.KeptColumn) : inputs[(group * tiles) + tile];
            layout.Next = _fused ? hidden : null;
            T* right = _fused ? input : hidden;
            T* from = _fused ? _bias + memory.Rows.Start(group) : start;
            Tile<T, TVec, TSimd>.Multiply(vectors, width, layout, panel, right, from, z);                   // (1)
            cells.Sequences = width;
            cells.Run<TVec, TSimd>();                                                                       // (2) to (4)
            cells.Cell += (long)width * memory.UnitStride;
            cells.Output += (long)width * units;
            cells.Kept += training ? width * cells.KeptColumn : 0;
            sequence += width;
            input += width * _pass.Inputs;
            hidden += width * units;
            start += (long)width * memory.ChunkStride;
        }
    }

    /// <summary>The cells of a group of units, from a sequence on, with their z in a tile.</summary>
    private LstmCells<T> Cells(int step, int firstSequence, int group, T* z)
    {
        int unit = memory.Rows.Natural(group);
        long column = ((long)step * _pass.Batch) + firstSequence;
        return new LstmCells<T>
        {
            Units = memory.Rows.WidthIn(group),
            Z = z,
            ZGate = memory.Rows.WidthIn(group),
            ZColumn = memory.Rows.VectorsIn(group) * TSimd.Count,
            Cell = memory.Cells + ((long)firstSequence * memory.UnitStride) + unit,
            CellColumn = memory.UnitStride,
            Output = _pass.Output + (column * _pass.HiddenUnits) + unit,
            OutputColumn = _pass.HiddenUnits,
            Kept = memory.Kept == null ? null : memory.Panel(group) + (column * memory.PanelStride),
            KeptColumn = memory.PanelStride,
            KeptCell = memory.KeptCell,
        };
    }

    /// <summary>Where a tile fetches ahead: as many tiles as a panel has vectors fetch the whole of the next panel.</summary>
    private T* Ahead(int part, T* panel) =>
        (T*)((byte*)panel + ((long)part * (_fused ? _weights.Depth : _pass.HiddenUnits) * Cache.Line));
}
