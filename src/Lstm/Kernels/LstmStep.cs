using System.Numerics;

namespace Lstm.Kernels;

/// <summary>
/// A step or two of a stream or two, for inference: too little work to pack the weights for, so it reads them where they
/// lie. It runs on the calling thread.
/// </summary>
internal sealed unsafe class LstmStep<T, TVec, TSimd>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    private readonly AlignedBuffer<T> _gates = new();
    private readonly AlignedBuffer<T> _cells = new();

    public void Run(in LstmPass<T> pass)
    {
        int units = pass.HiddenUnits;
        int rows = 4 * units;

        // One vector more, for reads and writes in whole vectors.
        T* z = _gates.Get(rows + TSimd.Count);
        T* cells = _cells.Get((long)pass.Batch * (units + TSimd.Count));
        LstmMemory<T>.CopyColumns(pass.InitialCell, units, cells, units + TSimd.Count, units, pass.Batch);
        for (int step = 0; step < pass.Steps; step++)
        {
            for (int sequence = 0; sequence < pass.Batch; sequence++)
            {
                long column = ((long)step * pass.Batch) + sequence;
                T* output = pass.Output + (column * units);
                new ReadOnlySpan<T>(pass.Bias, rows).CopyTo(new Span<T>(z, rows));
                VectorProduct<T, TVec, TSimd>.Add(pass.InputWeights, rows, rows, pass.Inputs, pass.Input + (column * pass.Inputs), z);
                T* hidden = step > 0 ? output - ((long)pass.Batch * units) : pass.InitialHidden + ((long)sequence * units);
                VectorProduct<T, TVec, TSimd>.Add(pass.RecurrentWeights, rows, rows, units, hidden, z);           // (1)
                Cells(z, cells + ((long)sequence * (units + TSimd.Count)), output, units);
            }
        }

        LstmMemory<T>.CopyColumns(cells, units + TSimd.Count, pass.FinalCell, units, units, pass.Batch);
        T* last = pass.Output + ((long)(pass.Steps - 1) * pass.Batch * units);
        LstmMemory<T>.CopyColumns(last, units, pass.FinalHidden, units, units, pass.Batch);
    }

    private static void Cells(T* z, T* cell, T* output, int units)
    {
        for (int unit = 0; unit < units; unit += TSimd.Count)
        {
            LstmCells<T> cells = new()
            {
                Sequences = 1,
                Units = Math.Min(TSimd.Count, units - unit),
                Z = z + unit,
                ZGate = units,
                Cell = cell + unit,
                Output = output + unit,
            };
            cells.Run<TVec, TSimd>();                                                                       // (2) to (4)
        }
    }
}
