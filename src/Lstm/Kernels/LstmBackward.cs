using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lstm.Kernels;

/// <summary>Backward through all steps of a batch, after a forward pass in training.</summary>
/// <remarks>
/// Only δhₜ₋₁ = Uᵀ δzₜ has to wait for the step after. The gradient of x is a product over the columns of some steps,
/// those of W, U and b are products over the columns of all. The gates are overwritten by δz in place; the δz of some
/// steps stand in a chunk as well, in columns of all rows, as the products with Uᵀ and Wᵀ want them.
/// </remarks>
internal sealed unsafe class LstmBackward<T, TVec, TSimd>(LstmMemory<T> memory) : TeamJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    private readonly PackedMatrix<T, TVec, TSimd> _inputWeights = new();
    private readonly PackedMatrix<T, TVec, TSimd> _recurrentWeights = new();
    private readonly OuterProduct<T, TVec, TSimd> _outer = new();
    private readonly AlignedBuffer<T> _zeroBuffer = new();
    private readonly AlignedBuffer<T> _hiddenBuffer = new();
    private readonly AlignedBuffer<T> _cellBuffer = new();
    private LstmPass<T> _pass;
    private LstmGradients<T> _gradients;
    private T* _zeros;
    private T* _hidden;
    private T* _cell;
    private int _chunk;
    private int _chunkStart;
    private bool _bySequence;

    public void Run(in LstmPass<T> pass, in LstmGradients<T> gradients, int threads)
    {
        (_pass, _gradients) = (pass, gradients);
        int units = pass.HiddenUnits;
        int stride = memory.UnitStride;
        _inputWeights.Prepare(new GateOrder(1, pass.Inputs, TSimd.Count), 4 * units);
        _recurrentWeights.Prepare(new GateOrder(1, units, TSimd.Count), 4 * units);
        int padded = Math.Max(_inputWeights.Rows.PaddedRows, _recurrentWeights.Rows.PaddedRows);
        _zeros = _zeroBuffer.Get(padded);
        new Span<T>(_zeros, padded).Clear();
        _hidden = _hiddenBuffer.Get((long)stride * pass.Batch);
        _cell = _cellBuffer.Get((long)stride * pass.Batch);
        LstmMemory<T>.CopyColumns(gradients.FinalHidden, units, _hidden, stride, units, pass.Batch);
        LstmMemory<T>.CopyColumns(gradients.FinalCell, units, _cell, stride, units, pass.Batch);
        threads = Schedule.Threads(threads, pass.Steps, pass.Batch, pass.Inputs, units);
        _bySequence = Schedule.BySequence(threads, pass.Batch, Tile<T, TVec, TSimd>.MaxColumns);
        _chunk = Schedule.ChunkSteps(pass.Steps, pass.Batch);
        memory.PrepareChunk((_chunk + 1L) * pass.Batch);
        _outer.Prepare(pass.Steps * pass.Batch, pass.Inputs + units, threads);
        RunOn(threads);
        LstmMemory<T>.CopyColumns(_hidden, stride, gradients.InitialHidden, units, units, pass.Batch);
        LstmMemory<T>.CopyColumns(_cell, stride, gradients.InitialCell, units, units, pass.Batch);
    }

    internal override void Run(int thread)
    {
        int inputGroups = _inputWeights.Rows.Groups;
        int groups = _recurrentWeights.Rows.Groups;
        int firstGroup = First(groups, thread);
        int endGroup = First(groups, thread + 1);
        _inputWeights.PackColumns(
            _pass.InputWeights, memory.Rows, First(inputGroups, thread), First(inputGroups, thread + 1));
        _recurrentWeights.PackColumns(_pass.RecurrentWeights, memory.Rows, firstGroup, endGroup);
        Wait();
        int first = First(_pass.Batch, thread);
        int count = First(_pass.Batch, thread + 1) - first;
        for (int end = _pass.Steps; end > 0;)
        {
            int start = Math.Max(0, end - _chunk);
            if (thread == 0)
            {
                _chunkStart = start;
            }

            Wait();
            for (int step = end - 1; step >= (start == 0 ? -1 : start); step--)
            {
                if (_bySequence)
                {
                    Step(step, first, count, 0, groups);
                }
                else
                {
                    Step(step, 0, _pass.Batch, firstGroup, endGroup);
                    Wait();
                }
            }

            Wait();
            InputGradient(start, end, thread);
            Wait();

            // The step before needs the first δz of this chunk: it becomes the one after the last of the next chunk.
            if (thread == 0)
            {
                long size = (long)_pass.Batch * memory.ChunkStride;
                Buffer.MemoryCopy(memory.Chunk, memory.Chunk + (Math.Min(_chunk, start) * size), size * sizeof(T), size * sizeof(T));
            }

            end = start;
        }

        WeightGradients(thread);
    }

    /// <summary>
    /// δh = Uᵀ δzₜ₊₁ and, but for the step −1 before the first, δzₜ, for some sequences and groups of units.
    /// </summary>
    private void Step(int step, int firstSequence, int sequences, int firstGroup, int endGroup)
    {
        T* hidden = _hidden + ((long)firstSequence * memory.UnitStride);
        T* next = memory.Chunk + ((((long)(step + 1 - _chunkStart) * _pass.Batch) + firstSequence) * memory.ChunkStride);
        for (int n = firstGroup; n < endGroup; n++)
        {
            // Up and down by turns, as in the forward pass.
            bool down = (step & 1) != 0;
            int group = down ? endGroup - 1 - (n - firstGroup) : n;
            int firstPart = _recurrentWeights.Rows.Start(group) / TSimd.Count;
            int endPart = firstPart + _recurrentWeights.Rows.VectorsIn(group);
            if (step < _pass.Steps - 1)
            {
                Product<T, TVec, TSimd>.Padded(
                    _recurrentWeights,
                    0,
                    _recurrentWeights.Depth,
                    group,
                    group + 1,
                    next,
                    memory.ChunkStride,
                    sequences,
                    _zeros,
                    hidden,
                    memory.UnitStride,
                    step < 0 ? default : Kept(step, firstSequence, sequences, firstPart, endPart),
                    Math.Clamp(down ? group - 1 : group + 1, firstGroup, endGroup - 1));
            }

            for (int part = firstPart; step >= 0 && part < endPart; part++)
            {
                Cells(step, firstSequence, sequences, part);
            }
        }
    }

    /// <summary>What the cells of some sequences and some vectors of units will need of a step.</summary>
    private AheadRuns Kept(int step, int firstSequence, int sequences, int firstPart, int endPart) => new()
    {
        Start = memory.Panel(firstPart) + ((((long)step * _pass.Batch) + firstSequence) * memory.PanelStride),
        Next = (byte*)memory.Panel(1) - (byte*)memory.Panel(0),
        Count = endPart - firstPart,
        Bytes = (long)sequences * memory.PanelStride * sizeof(T),
    };

    /// <summary>δz and the cell's own path for one vector of units of some sequences.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private void Cells(int step, int firstSequence, int sequences, int group)
    {
        int width = memory.Rows.WidthIn(group);
        int unit = memory.Rows.Natural(group);
        int stride = memory.UnitStride;
        long column = ((long)step * _pass.Batch) + firstSequence;
        int panelStride = memory.PanelStride;
        T* z = memory.Panel(group) + (column * panelStride);
        T* chunk = memory.Chunk + memory.Rows.Start(group)
            + ((((long)(step - _chunkStart) * _pass.Batch) + firstSequence) * memory.ChunkStride);
        T* kept = z + memory.KeptCell;
        T* output = _gradients.Output + (column * _pass.HiddenUnits) + unit;
        T* hidden = _hidden + ((long)firstSequence * stride) + unit;
        T* cell = _cell + ((long)firstSequence * stride) + unit;
        TVec one = TSimd.Broadcast(T.One);
        for (int n = 0; n < sequences; n++)
        {
            TVec i = TSimd.Load(z);
            TVec f = TSimd.Load(z + width);
            TVec g = TSimd.Load(z + (2 * width));
            TVec o = TSimd.Load(z + (3 * width));
            TVec tanh = TSimd.Load(kept + TSimd.Count);
            TVec dh = TSimd.Add(Partial<T, TVec, TSimd>.Load(output, width), TSimd.Load(hidden));
            TVec dho = TSimd.Multiply(dh, o);
            TVec dc = TSimd.Add(TSimd.Load(cell), TSimd.Multiply(dho, TSimd.Subtract(one, TSimd.Multiply(tanh, tanh))));
            TVec di = TSimd.Multiply(TSimd.Multiply(dc, i), TSimd.Multiply(g, TSimd.Subtract(one, i)));
            TVec dcf = TSimd.Multiply(dc, f);
            TVec df = TSimd.Multiply(TSimd.Multiply(dcf, TSimd.Load(kept)), TSimd.Subtract(one, f));
            TVec dg = TSimd.Multiply(TSimd.Multiply(dc, i), TSimd.Subtract(one, TSimd.Multiply(g, g)));
            TVec dOut = TSimd.Multiply(TSimd.Multiply(dho, tanh), TSimd.Subtract(one, o));
            TSimd.Store(di, z);
            TSimd.Store(df, z + width);
            TSimd.Store(dg, z + (2 * width));
            TSimd.Store(dOut, z + (3 * width));
            TSimd.Store(di, chunk);
            TSimd.Store(df, chunk + width);
            TSimd.Store(dg, chunk + (2 * width));
            TSimd.Store(dOut, chunk + (3 * width));
            TSimd.Store(dcf, cell);
            z += panelStride;
            chunk += memory.ChunkStride;
            kept += panelStride;
            output += _pass.HiddenUnits;
            hidden += stride;
            cell += stride;
        }
    }

    /// <summary>∂x = Wᵀ δz for this thread's share of the columns of some steps.</summary>
    private void InputGradient(int start, int end, int thread)
    {
        int columns = (end - start) * _pass.Batch;
        int first = First(columns, thread);
        Product<T, TVec, TSimd>.Exact(
            _inputWeights,
            0,
            _inputWeights.Rows.Groups,
            memory.Chunk + ((long)first * memory.ChunkStride),
            memory.ChunkStride,
            First(columns, thread + 1) - first,
            _zeros,
            _gradients.Input + ((((long)start * _pass.Batch) + first) * _pass.Inputs),
            _pass.Inputs);
    }

    /// <summary>∂W += Σ δzₜ xₜᵀ, ∂U += Σ δzₜ hₜ₋₁ᵀ, ∂b += Σ δzₜ.</summary>
    private void WeightGradients(int thread) => _outer.Run(this, thread, _pass.Steps * _pass.Batch, new OuterOperands<T>
    {
        Rows = memory.Rows,
        Left = memory.Kept,
        LeftColumns = _pass.Steps * _pass.Batch,
        PanelStride = memory.PanelStride,
        First = new Columns<T>(null, 0, _pass.Input, _pass.Inputs),
        FirstGradient = _gradients.InputWeights,
        Second = new Columns<T>(memory.InitialHidden, _pass.Batch, _pass.Output, _pass.HiddenUnits),
        SecondGradient = _gradients.RecurrentWeights,
        BiasGradient = _gradients.Bias,
    });
}
