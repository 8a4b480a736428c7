using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lstm.Kernels;

/// <summary>Forward over all steps of a batch.</summary>
/// <remarks>
/// The input product of many steps is one product; only U hₜ₋₁ has to wait for the step before. Each group of it, four
/// gates of one vector of units, goes through (2) to (4) while it is in the nearest cache. With several threads, each takes some of the sequences through all steps, without a barrier; if there are too few of them,
/// each takes the same units at every step, so that its part of U stays in its own cache.
/// </remarks>
internal sealed unsafe class LstmForward<T, TVec, TSimd>(LstmMemory<T> memory) : TeamJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    private readonly PackedMatrix<T, TVec, TSimd> _inputWeights = new();
    private readonly PackedMatrix<T, TVec, TSimd> _recurrentWeights = new();
    private readonly AlignedBuffer<T> _biasBuffer = new();
    private LstmPass<T> _pass;
    private T* _bias;
    private bool _bySequence;

    public void Run(in LstmPass<T> pass, bool training, int threads)
    {
        _pass = pass;
        memory.Prepare(pass, training, Schedule.ChunkSteps(pass.Steps, pass.Batch), TSimd.Count);
        _inputWeights.Prepare(memory.Rows, pass.Inputs);
        _recurrentWeights.Prepare(memory.Rows, pass.HiddenUnits);
        _bias = _biasBuffer.Get(memory.Rows.PaddedRows);
        threads = Schedule.Threads(threads, pass.Steps, pass.Batch, pass.Inputs, pass.HiddenUnits);
        _bySequence = Schedule.BySequence(threads, pass.Batch, Tile<T, TVec, TSimd>.MaxColumns);
        RunOn(threads);
        int units = pass.HiddenUnits;
        long last = (long)(pass.Steps - 1) * pass.Batch;
        LstmMemory<T>.CopyColumns(pass.Output + (last * units), units, pass.FinalHidden, units, units, pass.Batch);
        T* cells = memory.Cells + (pass.Steps * memory.CellStep);
        LstmMemory<T>.CopyColumns(cells, memory.UnitStride, pass.FinalCell, units, units, pass.Batch);
    }

    internal override void Run(int thread)
    {
        int groups = memory.Rows.Groups;
        int firstGroup = First(groups, thread);
        int endGroup = First(groups, thread + 1);
        _inputWeights.PackRows(_pass.InputWeights, firstGroup, endGroup);
        _recurrentWeights.PackRows(_pass.RecurrentWeights, firstGroup, endGroup);
        memory.Rows.ToKernel(_pass.Bias, _bias, firstGroup, endGroup);
        Wait();

        int chunk = Schedule.ChunkSteps(_pass.Steps, _pass.Batch);
        for (int start = 0; start < _pass.Steps; start += chunk)
        {
            int end = Math.Min(start + chunk, _pass.Steps);
            InputProduct(start, end, thread);
            Wait();
            if (_bySequence)
            {
                int first = First(_pass.Batch, thread);
                int count = First(_pass.Batch, thread + 1) - first;
                for (int step = start; step < end; step++)
                {
                    Step(step, first, count, 0, groups);
                }
            }
            else
            {
                for (int step = start; step < end; step++)
                {
                    Step(step, 0, _pass.Batch, firstGroup, endGroup);
                    Wait();
                }
            }

            if (_bySequence)
            {
                Wait();
            }
        }
    }

    /// <summary>z = W x + b for this thread's share of the columns of some steps.</summary>
    private void InputProduct(int start, int end, int thread)
    {
        int columns = (end - start) * _pass.Batch;
        int first = First(columns, thread);
        Product<T, TVec, TSimd>.Padded(
            _inputWeights,
            0,
            memory.Rows.Groups,
            _pass.Input + ((((long)start * _pass.Batch) + first) * _pass.Inputs),
            _pass.Inputs,
            First(columns, thread + 1) - first,
            _bias,
            Gates(start) + ((long)first * memory.GateStride),
            memory.GateStride);
    }

    /// <summary>One step of some sequences and some groups of units.</summary>
    private void Step(int step, int firstSequence, int sequences, int firstGroup, int endGroup)
    {
        int units = _pass.HiddenUnits;
        T* hidden = step == 0 ? memory.InitialHidden : _pass.Output + ((long)(step - 1) * _pass.Batch * units);
        T* gates = Gates(step);
        for (int group = firstGroup; group < endGroup; group++)
        {
            Product<T, TVec, TSimd>.Padded(
                _recurrentWeights,
                group,
                group + 1,
                hidden + ((long)firstSequence * units),
                units,
                sequences,
                null,
                gates + ((long)firstSequence * memory.GateStride),
                memory.GateStride);                                                                         // (1)
            Cells(step, firstSequence, sequences, group);
        }
    }

    /// <summary>(2) to (4) for one group of units of some sequences.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Cells(int step, int firstSequence, int sequences, int group)
    {
        int width = memory.Rows.WidthIn(group);
        int unit = memory.Rows.Natural(group);
        bool training = memory.CellTanh != null;
        T* z = Gates(step) + ((long)firstSequence * memory.GateStride) + memory.Rows.Start(group);
        T* before = memory.Cells + (step * memory.CellStep) + ((long)firstSequence * memory.UnitStride) + unit;
        T* after = before + memory.CellStep;
        long column = ((long)step * _pass.Batch) + firstSequence;
        T* output = _pass.Output + (column * _pass.HiddenUnits) + unit;
        T* cellTanh = training ? memory.CellTanh + (column * memory.UnitStride) + unit : null;
        for (int n = 0; n < sequences; n++)
        {
            TVec i = VectorMath<T, TVec, TSimd>.Sigmoid(TSimd.Load(z));                                     // (2)
            TVec f = VectorMath<T, TVec, TSimd>.Sigmoid(TSimd.Load(z + width));
            TVec g = VectorMath<T, TVec, TSimd>.Tanh(TSimd.Load(z + (2 * width)));
            TVec o = VectorMath<T, TVec, TSimd>.Sigmoid(TSimd.Load(z + (3 * width)));
            TVec c = TSimd.MultiplyAdd(f, TSimd.Load(before), TSimd.Multiply(i, g));                        // (3)
            TVec tanh = VectorMath<T, TVec, TSimd>.Tanh(c);
            TVec h = TSimd.Multiply(o, tanh);                                                               // (4)
            TSimd.Store(c, after);
            if (training)
            {
                // In the tail each store runs over the start of the next gate, which the next store puts right.
                TSimd.Store(i, z);
                TSimd.Store(f, z + width);
                TSimd.Store(g, z + (2 * width));
                TSimd.Store(o, z + (3 * width));
                TSimd.Store(tanh, cellTanh);
                cellTanh += memory.UnitStride;
            }

            Partial<T, TVec, TSimd>.Store(h, output, width);
            z += memory.GateStride;
            before += memory.UnitStride;
            after += memory.UnitStride;
            output += _pass.HiddenUnits;
        }
    }

    private T* Gates(int step) =>
        memory.Gates + ((long)(step % memory.GateSteps) * _pass.Batch * memory.GateStride);
}
