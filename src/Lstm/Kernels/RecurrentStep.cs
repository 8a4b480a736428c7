using System.Numerics;

namespace Lstm.Kernels;

/// <summary>
/// A step or two of a stream or two, for inference: too little work to pack the weights for, so it reads them where they
/// lie. It runs on the calling thread.
/// </summary>
internal sealed unsafe class RecurrentStep<T, TPass, TVec, TSimd>(
    RecurrentMemory<T> memory, RecurrentCell<T, TPass, TVec, TSimd> cell)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPass : unmanaged
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    private readonly AlignedBuffer<T> _sumBuffer = new();

    public void Run(in RecurrentPass<T> pass)
    {
        StepPlan plan = memory.Plan;
        plan.Cut(1);
        GateBlocks gates = new(cell.Blocks, pass.Units, TSimd.Count);
        memory.Prepare(pass, gates, cell.HasCell, training: false, 1, TSimd.Count);
        cell.Prepare(pass, memory, packed: null, 1);
        for (int step = 0; step < plan.Steps; step++)
        {
            for (int rank = 0; rank < plan.Count(step); rank++)
            {
                T* x = pass.Input + ((long)plan.Place(plan.Start(step) + rank) * pass.Inputs);
                T* hidden = memory.Hidden + ((long)rank * memory.HiddenStride);
                foreach (RecurrentPart part in cell.Parts)
                {
                    Sum(pass, part, x, hidden);
                }

                Cells(memory, cell, pass, step, rank, 1, memory.Z, 0);
            }
        }
    }

    /// <summary>The cells of some sequences of a step, and their outputs.</summary>
    public static void Cells(
        RecurrentMemory<T> memory,
        RecurrentCell<T, TPass, TVec, TSimd> cell,
        in RecurrentPass<T> pass,
        int step,
        int first,
        int count,
        T* z,
        int thread)
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

    /// <summary>z of a part, each sum in the order of the packed product: b, then W x, then U h.</summary>
    private void Sum(in RecurrentPass<T> pass, RecurrentPart part, T* x, T* hidden)
    {
        int units = pass.Units;
        int stride = cell.Gates * units;
        int rows = part.Blocks * units;
        T* sums = _sumBuffer.Get(rows);
        T* bias = part.BiasGate < 0 ? null : RecurrentMemory<T>.Column(cell.Bias, part.BiasGate, units);
        RecurrentMemory<T>.Copy(bias, rows, sums, rows);
        if (part.InputGate >= 0)
        {
            T* weights = pass.InputWeights + ((long)part.InputGate * units);
            VectorProduct<T, TVec, TSimd>.Add(weights, stride, rows, pass.Inputs, x, sums);
        }

        if (part.RecurrentGate >= 0)
        {
            T* weights = pass.RecurrentWeights + ((long)part.RecurrentGate * units);
            VectorProduct<T, TVec, TSimd>.Add(weights, stride, rows, pass.Outputs, hidden, sums);
        }

        for (int block = 0; block < part.Blocks; block++)
        {
            T* z = memory.Z + ((long)(part.FirstBlock + block) * memory.Gates.Stride);
            RecurrentMemory<T>.Copy(sums + ((long)block * units), units, z, memory.Gates.Stride);
        }
    }
}
