using System.Numerics;

namespace Lstm.Kernels;

/// <summary>
/// A step or two of a stream or two, for inference: too little work to pack the weights for, so it reads them where they
/// lie. It runs on the calling thread.
/// </summary>
internal sealed unsafe class RecurrentStep<T, TPass, TVec, TSimd>(RecurrentMemory<T> memory, RecurrentCell<T, TPass> cell)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPass : unmanaged
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    private readonly AlignedBuffer<T> _startBuffer = new();
    private readonly AlignedBuffer<T> _inputSums = new();
    private readonly AlignedBuffer<T> _hiddenSums = new();

    public void Run(in RecurrentPass<T> pass)
    {
        StepPlan plan = memory.Plan;
        plan.Cut(1);
        int rows = cell.Gates * pass.Units;
        GateBlocks gates = new(cell.Blocks, pass.Units, TSimd.Count);
        memory.Prepare(pass, gates, cell.HasCell, training: false, 1, TSimd.Count);
        cell.Prepare(pass, memory, packed: false, 1);
        T* start = _startBuffer.Get(gates.Rows);
        RecurrentForward<T, TPass, TVec, TSimd>.FillStart(cell, gates, start);
        T* fromInput = _inputSums.Get(rows);
        T* fromHidden = _hiddenSums.Get(rows);
        for (int step = 0; step < plan.Steps; step++)
        {
            for (int rank = 0; rank < plan.Count(step); rank++)
            {
                new Span<T>(fromInput, rows).Clear();
                new Span<T>(fromHidden, rows).Clear();
                T* x = pass.Input + ((long)plan.Place(plan.Start(step) + rank) * pass.Inputs);
                VectorProduct<T, TVec, TSimd>.Add(pass.InputWeights, rows, pass.Inputs, x, fromInput);
                T* hidden = memory.Hidden + ((long)rank * memory.HiddenStride);
                VectorProduct<T, TVec, TSimd>.Add(pass.RecurrentWeights, rows, pass.Outputs, hidden, fromHidden);
                new ReadOnlySpan<T>(start, gates.Rows).CopyTo(new Span<T>(memory.Z, gates.Rows));
                foreach (RecurrentPart part in cell.Parts)
                {
                    for (int block = 0; block < part.Blocks; block++)
                    {
                        T* z = memory.Z + ((long)(part.FirstBlock + block) * gates.Stride);
                        Add(z, fromInput, part.InputGate, block, pass.Units);
                        Add(z, fromHidden, part.RecurrentGate, block, pass.Units);
                    }
                }

                Cells(memory, cell, pass, step, rank, 1, memory.Z, 0);
            }
        }
    }

    /// <summary>The cells of some sequences of a step, and their outputs.</summary>
    public static void Cells(
        RecurrentMemory<T> memory, RecurrentCell<T, TPass> cell, in RecurrentPass<T> pass, int step, int first, int count, T* z, int thread)
    {
        StepPlan plan = memory.Plan;
        long before = memory.StateBefore(step, first);
        long after = memory.StateBefore(step + 1, first);
        int column = plan.Start(step) + first;
        CellStep<T> cells = new()
        {
            Count = count,
            Rank = first,
            Column = column,
            Z = z,
            HiddenBefore = memory.Hidden + (before * memory.HiddenStride),
            CellBefore = memory.Cells + (before * memory.CellStride),
            HiddenAfter = memory.Hidden + (after * memory.HiddenStride),
            CellAfter = memory.Cells + (after * memory.CellStride),
        };
        cell.Forward(cells, thread);
        for (int n = 0; n < count; n++)
        {
            T* output = pass.Output + ((long)plan.Place(column + n) * pass.Outputs);
            RecurrentMemory<T>.Copy(cells.HiddenAfter + ((long)n * memory.HiddenStride), pass.Outputs, output, pass.Outputs);
        }
    }

    private static void Add(T* z, T* sums, int gate, int block, int units)
    {
        T* from = sums + ((long)(gate + block) * units);
        for (int unit = 0; gate >= 0 && unit < units; unit++)
        {
            z[unit] += from[unit];
        }
    }
}
