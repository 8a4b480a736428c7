using System.Numerics;
using System.Numerics.Tensors;

namespace Lstm.Kernels;

/// <content>What a pass computes in, and what goes in and comes out.</content>
internal sealed unsafe partial class RecurrentBackward<T, TPass, TVec, TSimd>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPass : unmanaged
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    private void PrepareWeights()
    {
        int units = _pass.Units;
        int padded = Math.Max(memory.HiddenStride, RecurrentMemory<T>.RoundUp(_pass.Inputs, TSimd.Count));
        for (int n = 0; n < cell.Parts.Length; n++)
        {
            if (n == _inputWeights.Count)
            {
                _inputWeights.Add(new PackedMatrix<T, TVec, TSimd>());
                _recurrentWeights.Add(new PackedMatrix<T, TVec, TSimd>());
            }

            int depth = cell.Parts[n].Blocks * memory.Gates.Stride;
            _inputWeights[n].Prepare(new GateOrder(1, _pass.Inputs, TSimd.Count), depth);
            _recurrentWeights[n].Prepare(new GateOrder(1, _pass.Outputs, TSimd.Count), depth);
        }

        _zeros = _zeroBuffer.Get(padded);
        new Span<T>(_zeros, padded).Clear();
        _noBias = _biasBuffer.Get((long)cell.Gates * units);
    }

    /// <summary>Makes room, and takes the gradients of the final state.</summary>
    private void PrepareMemory(int threads)
    {
        StepPlan plan = memory.Plan;
        int batch = _pass.Batch;
        long columns = _rounds == 0 ? batch : plan.Columns + (long)batch;
        _inputStride = RecurrentMemory<T>.RoundUp(_pass.Inputs, TSimd.Count);
        _inputs = _inputBuffer.Get((long)threads * Chunk * _inputStride * 2);
        _masked = operands.HiddenMask == null ? null : _maskedBuffer.Get((long)batch * memory.HiddenStride);
        _hidden = _hiddenBuffer.Get(columns * memory.HiddenStride);
        _cells = cell.HasCell ? _cellBuffer.Get(columns * memory.CellStride) : null;
        _z = memory.Z;
        if (_rounds > 0)
        {
            _z = _sumBuffer.Get(((long)plan.Columns * memory.ZStride) + Cache.Line);
            _stepZ = _stepBuffer.Get((long)batch * memory.ZStride);
            _firstHidden = _firstHiddenBuffer.Get((long)batch * memory.HiddenStride);
            _firstCells = cell.HasCell ? _firstCellBuffer.Get((long)batch * memory.CellStride) : null;
            Clear(_z, plan.Columns, memory.ZStride);
            Clear(_hidden, plan.Columns, memory.HiddenStride);
            Clear(_firstHidden, batch, memory.HiddenStride);
            if (cell.HasCell)
            {
                Clear(_cells, plan.Columns, memory.CellStride);
                Clear(_firstCells, batch, memory.CellStride);
            }
        }

        for (int rank = 0; rank < batch; rank++)
        {
            // With rounds, each gradient stands at the column whose state it belongs to: for a sequence without any step
            // that is the initial one already.
            long to = rank;
            if (_rounds > 0)
            {
                int last = 0;
                while (plan.Count(last) > rank)
                {
                    last++;
                }

                to = last == 0 ? plan.Columns + (long)rank : plan.Start(last - 1) + (long)rank;
            }

            long from = plan.Sequence(rank);
            T* hidden = RecurrentMemory<T>.Column(_gradients.FinalHidden, from, _pass.Outputs);
            RecurrentMemory<T>.Copy(hidden, _pass.Outputs, _hidden + (to * memory.HiddenStride), memory.HiddenStride);
            if (cell.HasCell)
            {
                T* cells = RecurrentMemory<T>.Column(_gradients.FinalCell, from, _pass.Units);
                RecurrentMemory<T>.Copy(cells, _pass.Units, _cells + (to * memory.CellStride), memory.CellStride);
            }
        }
    }

    /// <summary>The output in a gap is that of the step before, whose gradient it therefore adds to.</summary>
    private void Fold()
    {
        int outputs = _pass.Outputs;
        int places = _pass.Steps * _pass.Batch;
        T* folded = _outputBuffer.Get((long)places * outputs);
        new ReadOnlySpan<T>(_gradients.Output, places * outputs).CopyTo(new Span<T>(folded, places * outputs));
        for (int place = 0; place < places; place++)
        {
            int from = memory.Plan.Stands(place);
            if (from != place && from >= 0)
            {
                Span<T> sum = new(folded + ((long)from * outputs), outputs);
                TensorPrimitives.Add(sum, new ReadOnlySpan<T>(_gradients.Output + ((long)place * outputs), outputs), sum);
            }
        }

        _gradients.Output = folded;
    }

    private void Pack(int thread)
    {
        int stride = cell.Gates * _pass.Units;
        for (int n = 0; n < cell.Parts.Length; n++)
        {
            RecurrentPart part = cell.Parts[n];
            GateBlocks gates = new(part.Blocks, _pass.Units, TSimd.Count);
            int groups = _inputWeights[n].Rows.Groups;
            if (part.InputGate >= 0)
            {
                T* from = _pass.InputWeights + ((long)part.InputGate * _pass.Units);
                _inputWeights[n].PackGateColumns(from, stride, gates, First(groups, thread), First(groups, thread + 1));
            }

            groups = _recurrentWeights[n].Rows.Groups;
            if (part.RecurrentGate >= 0)
            {
                T* from = _pass.RecurrentWeights + ((long)part.RecurrentGate * _pass.Units);
                _recurrentWeights[n].PackGateColumns(from, stride, gates, First(groups, thread), First(groups, thread + 1));
            }
        }
    }

    /// <summary>Gives the gradients of the initial state, and zeros for the input at steps that are not valid.</summary>
    private void Finish()
    {
        StepPlan plan = memory.Plan;
        for (int rank = 0; rank < _pass.Batch; rank++)
        {
            bool first = _rounds > 0 && rank < plan.Count(0);
            T* hidden = first ? _firstHidden : _rounds > 0 ? _hidden + ((long)plan.Columns * memory.HiddenStride) : _hidden;
            long to = plan.Sequence(rank);
            T* from = hidden + ((long)rank * memory.HiddenStride);
            RecurrentMemory<T>.Copy(from, _pass.Outputs, _gradients.InitialHidden + (to * _pass.Outputs), _pass.Outputs);
            if (cell.HasCell)
            {
                T* cells = first ? _firstCells : _rounds > 0 ? _cells + ((long)plan.Columns * memory.CellStride) : _cells;
                from = cells + ((long)rank * memory.CellStride);
                RecurrentMemory<T>.Copy(from, _pass.Units, _gradients.InitialCell + (to * _pass.Units), _pass.Units);
            }
        }

        int places = plan.IsWhole ? 0 : _pass.Steps * _pass.Batch;
        for (int place = 0; place < places; place++)
        {
            if (plan.Stands(place) != place)
            {
                new Span<T>(_gradients.Input + ((long)place * _pass.Inputs), _pass.Inputs).Clear();
            }
        }
    }

    private static void Clear(T* target, int columns, int stride)
    {
        for (int n = 0; n < columns; n++)
        {
            new Span<T>(target + ((long)n * stride), stride).Clear();
        }
    }
}
