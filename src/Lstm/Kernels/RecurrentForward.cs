using System.Numerics;

namespace Lstm.Kernels;

/// <summary>Forward over all steps of a plan.</summary>
/// <remarks>
/// Each thread takes some of the sequences through all steps, without a barrier. With a few sequences only, W x of many
/// steps is one product before, which all threads share; else each step adds up W x and U h in one go. Steps go through
/// the weights up and down by turns: what a cache still holds of those that are larger than it is what the next begins with.
/// </remarks>
internal sealed unsafe class RecurrentForward<T, TPass, TVec, TSimd>(
    RecurrentMemory<T> memory,
    RecurrentCell<T, TPass, TVec, TSimd> cell,
    RecurrentOperands<T, TVec, TSimd> operands,
    PackedShare<RecurrentWeights<T, TVec, TSimd>> share) : TeamJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPass : unmanaged
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    /// <summary>Terms beyond which a panel no longer stays in a cache, and sums are cut.</summary>
    private const int MaxJoinedDepth = 2048;

    private readonly PackedShare<RecurrentWeights<T, TVec, TSimd>>.Holder _own = new();
    private readonly AlignedBuffer<T> _startBuffer = new();
    private RecurrentWeights<T, TVec, TSimd> _weights = null!;
    private RecurrentPass<T> _pass;
    private T* _start;
    private int _chunk;
    private int _slices;
    private int _stepsBefore;
    private bool _isPacked;
    private bool _fused;

    public void Run(in RecurrentPass<T> pass, bool training, int threads)
    {
        _pass = pass;
        StepPlan plan = memory.Plan;
        int rows = cell.Gates * pass.Units;
        threads = Schedule.Threads(threads, (long)plan.Columns * rows * (pass.Inputs + pass.Outputs));
        _slices = Schedule.Slices(threads, pass.Batch);
        plan.Cut(_slices);
        _fused = plan.Columns <= VectorProduct<T, TVec, TSimd>.MaxColumns
            || (Schedule.Fused(pass.Batch, (long)rows * (pass.Inputs + pass.Outputs) * sizeof(T))
                && pass.Inputs + pass.Outputs <= MaxJoinedDepth);
        _chunk = _fused || plan.Steps == 0 ? Math.Max(plan.Steps, 1) : Schedule.ChunkSteps(plan.Steps, pass.Batch);
        long inMemory = training ? plan.Columns : _fused ? pass.Batch : (long)_chunk * pass.Batch;
        GateBlocks gates = new(cell.Blocks, pass.Units, TSimd.Count);
        memory.Prepare(pass, gates, cell.HasCell, training, inMemory, TSimd.Count);
        operands.Prepare(pass, cell.Parts.Length, inMemory);
        FillStart(gates);
        long version = pass.WeightsVersion;
        PackedShare<RecurrentWeights<T, TVec, TSimd>>.Holder kept = share.Take(version, _own, out _isPacked);
        _weights = kept.Packed;
        cell.Prepare(pass, memory, _weights.Cell, threads);
        if (!_isPacked)
        {
            PrepareWeights(gates);
        }

        RunOn(threads);
        _stepsBefore = (_stepsBefore + plan.Steps) & 1;
        share.Give(kept, version);
    }

    internal override void Run(int thread)
    {
        if (!_isPacked)
        {
            Pack(thread);
            cell.Pack(_weights.Cell, this, thread);
            Wait();
        }

        StepPlan plan = memory.Plan;
        for (int start = 0; start < plan.Steps; start += _chunk)
        {
            int stop = Math.Min(start + _chunk, plan.Steps);
            if (!_fused)
            {
                InputProduct(start, stop, thread);
                Wait();
            }

            for (int slice = thread; slice < _slices; slice += Threads)
            {
                int first = plan.FirstRank(slice);
                for (int step = start; step < stop; step++)
                {
                    int count = Math.Min(plan.FirstRank(slice + 1), plan.Count(step)) - first;
                    if (count > 0)
                    {
                        Step(step, start, first, count, thread);
                    }
                }
            }

            if (!_fused)
            {
                Wait();
            }
        }
    }

    /// <summary>The bias as z has it, with zeros where there is none.</summary>
    private void FillStart(GateBlocks gates)
    {
        _start = _startBuffer.Get(gates.Rows);
        new Span<T>(_start, gates.Rows).Clear();
        foreach (RecurrentPart part in cell.Parts)
        {
            for (int block = 0; cell.Bias != null && part.BiasGate >= 0 && block < part.Blocks; block++)
            {
                T* from = cell.Bias + ((long)(part.BiasGate + block) * gates.Units);
                new ReadOnlySpan<T>(from, gates.Units)
                    .CopyTo(new Span<T>(_start + ((long)(part.FirstBlock + block) * gates.Stride), gates.Units));
            }
        }
    }

    private void PrepareWeights(GateBlocks gates)
    {
        for (int n = 0; n < cell.Parts.Length; n++)
        {
            RecurrentPart part = cell.Parts[n];
            if (n == _weights.Parts.Count)
            {
                _weights.Parts.Add(new PackedMatrix<T, TVec, TSimd>());
            }

            int depth = (part.InputGate < 0 ? 0 : _pass.Inputs) + (part.RecurrentGate < 0 ? 0 : _pass.Outputs);
            _weights.Parts[n].Prepare(new GateOrder(1, part.Blocks * gates.Stride, TSimd.Count), depth);
        }

        cell.PrepareWeights(_weights.Cell);
    }

    private void Pack(int thread)
    {
        int stride = cell.Gates * _pass.Units;
        for (int n = 0; n < cell.Parts.Length; n++)
        {
            RecurrentPart part = cell.Parts[n];
            PackedMatrix<T, TVec, TSimd> weights = _weights.Parts[n];
            GateBlocks gates = new(part.Blocks, _pass.Units, TSimd.Count);
            int firstGroup = First(weights.Rows.Groups, thread);
            int endGroup = First(weights.Rows.Groups, thread + 1);
            int skipped = part.InputGate < 0 ? 0 : _pass.Inputs;
            if (part.InputGate >= 0)
            {
                T* from = _pass.InputWeights + ((long)part.InputGate * _pass.Units);
                weights.PackGates(from, stride, gates, 0, _pass.Inputs, firstGroup, endGroup);
            }

            if (part.RecurrentGate >= 0)
            {
                T* from = _pass.RecurrentWeights + ((long)part.RecurrentGate * _pass.Units);
                weights.PackGates(from, stride, gates, skipped, _pass.Outputs, firstGroup, endGroup);
            }
        }
    }

    /// <summary>Where the columns of a step are in memory that training has for all steps, inference for a chunk or a step.</summary>
    private long At(int step, int chunkStart) =>
        memory.Training ? memory.Plan.Start(step) : _fused ? 0 : memory.Plan.Start(step) - memory.Plan.Start(chunkStart);

    /// <summary>W x + b for this thread's share of the columns of some steps.</summary>
    private void InputProduct(int start, int stop, int thread)
    {
        StepPlan plan = memory.Plan;
        int columns = plan.Start(stop) - plan.Start(start);
        int first = First(columns, thread);
        int count = First(columns, thread + 1) - first;
        for (int step = start; step < stop; step++)
        {
            // The part of this thread's columns that belongs to the step.
            int offset = plan.Start(step) - plan.Start(start);
            int from = Math.Clamp(first - offset, 0, plan.Count(step));
            int to = Math.Clamp(first + count - offset, 0, plan.Count(step));
            operands.Gather(step, from, to - from, At(step, start) + from);
        }

        long at = At(start, start) + first;
        for (int n = 0; n < cell.Parts.Length; n++)
        {
            RecurrentPart part = cell.Parts[n];
            if (part.InputGate >= 0)
            {
                int offset = part.FirstBlock * memory.Gates.Stride;
                Product<T, TVec, TSimd>.Padded(
                    _weights.Parts[n],
                    0,
                    _pass.Inputs,
                    0,
                    _weights.Parts[n].Rows.Groups,
                    operands.Input(n, plan.Start(start) + first, at),
                    _pass.Inputs,
                    count,
                    _start + offset,
                    memory.Z + (at * memory.ZStride) + offset,
                    memory.ZStride);
            }
        }
    }

    /// <summary>One step of some sequences.</summary>
    private void Step(int step, int chunkStart, int first, int count, int thread)
    {
        StepPlan plan = memory.Plan;
        long column = plan.Start(step) + first;
        long at = At(step, chunkStart) + first;
        T* z = memory.Z + (at * memory.ZStride);
        T* hidden = memory.Hidden + (memory.StateBefore(step, first) * memory.HiddenStride);
        if (_fused)
        {
            operands.Gather(step, first, count, at);
        }

        operands.Drop(hidden, first, count, at);
        bool downwards = ((step + _stepsBefore) & 1) != 0;
        int parts = cell.Parts.Length;
        for (int turn = 0; turn < parts; turn++)
        {
            int n = downwards ? parts - 1 - turn : turn;
            RecurrentPart part = cell.Parts[n];
            int offset = part.FirstBlock * memory.Gates.Stride;
            T* right = operands.Hidden(n, hidden, at);
            if (_fused || part.InputGate < 0)
            {
                Product<T, TVec, TSimd>.Joined(
                    _weights.Parts[n],
                    operands.Input(n, column, at),
                    part.InputGate < 0 ? 0 : _pass.Inputs,
                    _pass.Inputs,
                    part.RecurrentGate < 0 ? null : right,
                    memory.HiddenStride,
                    count,
                    _start + offset,
                    z + offset,
                    memory.ZStride,
                    downwards);
            }
            else if (part.RecurrentGate >= 0)
            {
                Product<T, TVec, TSimd>.Padded(
                    _weights.Parts[n],
                    _pass.Inputs,
                    _pass.Outputs,
                    0,
                    _weights.Parts[n].Rows.Groups,
                    right,
                    memory.HiddenStride,
                    count,
                    null,
                    z + offset,
                    memory.ZStride);
            }
        }

        // The states of the sequences that go on lie apart from those of the ones that end here.
        int going = Math.Clamp(plan.Count(step + 1) - first, 0, count);
        Cells(step, first, going, z, thread);
        Cells(step, first + going, count - going, z + ((long)going * memory.ZStride), thread);
    }

    private void Cells(int step, int first, int count, T* z, int thread)
    {
        if (count == 0)
        {
            return;
        }

        RecurrentStep<T, TPass, TVec, TSimd>.Cells(memory, cell, _pass, step, first, count, z, thread);
    }
}
