using System.Numerics;
using System.Numerics.Tensors;

namespace Lstm.Kernels;

/// <summary>Backward through the steps of a plan, after a forward pass in training.</summary>
/// <remarks>
/// Each thread takes the sequences of its slice back through all steps, without a barrier; then the gradients of x and of
/// the weights are products over all columns. With a look-back of k steps the errors of all steps flow back at once, in k
/// rounds: round j takes each error from the place that it has come to, j steps before its own, to the step before.
/// </remarks>
internal sealed unsafe class RecurrentBackward<T, TPass, TVec, TSimd>(
    RecurrentMemory<T> memory, RecurrentCell<T, TPass> cell, RecurrentOperands<T, TVec, TSimd> operands) : TeamJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPass : unmanaged
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    /// <summary>Columns whose gradients of x are computed at once.</summary>
    private const int Chunk = 96;

    private readonly List<PackedMatrix<T, TVec, TSimd>> _inputWeights = [];
    private readonly List<PackedMatrix<T, TVec, TSimd>> _recurrentWeights = [];
    private readonly OuterProduct<T, TVec, TSimd> _outer = new();
    private readonly AlignedBuffer<T> _zeroBuffer = new();
    private readonly AlignedBuffer<T> _hiddenBuffer = new();
    private readonly AlignedBuffer<T> _cellBuffer = new();
    private readonly AlignedBuffer<T> _firstHiddenBuffer = new();
    private readonly AlignedBuffer<T> _firstCellBuffer = new();
    private readonly AlignedBuffer<T> _maskedBuffer = new();
    private readonly AlignedBuffer<T> _inputBuffer = new();
    private readonly AlignedBuffer<T> _outputBuffer = new();
    private readonly AlignedBuffer<T> _sumBuffer = new();
    private readonly AlignedBuffer<T> _stepBuffer = new();
    private readonly AlignedBuffer<T> _biasBuffer = new();
    private RecurrentPass<T> _pass;
    private RecurrentGradients<T> _gradients;
    private T* _zeros;
    private T* _hidden;
    private T* _cells;
    private T* _firstHidden;
    private T* _firstCells;
    private T* _masked;
    private T* _inputs;
    private T* _z;
    private T* _stepZ;
    private T* _noBias;
    private int _slices;
    private int _inputStride;
    private int _rounds;

    public void Run(in RecurrentPass<T> pass, in RecurrentGradients<T> gradients, int threads)
    {
        (_pass, _gradients) = (pass, gradients);
        operands.Rebind(pass);
        StepPlan plan = memory.Plan;
        int rows = cell.Gates * pass.Units;
        threads = Schedule.Threads(threads, 2L * plan.Columns * rows * (pass.Inputs + pass.Outputs));
        _slices = Schedule.Slices(threads, pass.Batch);
        plan.Cut(_slices);
        _rounds = pass.LookBack > 0 && pass.LookBack < plan.Steps ? pass.LookBack : 0;
        cell.PrepareBackward(threads);
        PrepareWeights();
        PrepareMemory(threads);
        if (plan.HasGaps)
        {
            Fold();
        }

        if (plan.Columns > 0)
        {
            _outer.Prepare(plan.Columns, pass.Inputs + pass.Outputs, threads);
            RunOn(threads);
        }

        Finish();
    }

    internal override void Run(int thread)
    {
        Pack(thread);
        cell.Pack(this, thread);
        Wait();
        for (int slice = thread; slice < _slices; slice += Threads)
        {
            int first = memory.Plan.FirstRank(slice);
            int end = memory.Plan.FirstRank(slice + 1);
            if (_rounds == 0)
            {
                AllSteps(first, end, thread);
            }
            else
            {
                LookBack(first, end, thread);
            }
        }

        Wait();
        InputGradient(thread);
        WeightGradients(thread);
        cell.Gradients(this, thread, _z);
    }

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

    /// <summary>The errors of all steps together, from the last step to the first.</summary>
    private void AllSteps(int first, int end, int thread)
    {
        StepPlan plan = memory.Plan;
        T* hidden = _hidden + ((long)first * memory.HiddenStride);
        T* cells = _cells + ((long)first * memory.CellStride);
        for (int step = plan.Steps - 1; step >= 0; step--)
        {
            int count = Math.Min(end, plan.Count(step)) - first;
            if (count > 0)
            {
                long column = plan.Start(step) + first;
                AddOutput(hidden, column, count);
                Step(step, first, count, hidden, cells, _z + (column * memory.ZStride), thread);
            }
        }
    }

    /// <summary>The error of each step, for as many steps as it may reach.</summary>
    private void LookBack(int first, int end, int thread)
    {
        StepPlan plan = memory.Plan;
        T* z = _stepZ + ((long)first * memory.ZStride);
        for (int round = 0; round < _rounds; round++)
        {
            // From the first step on: what a step gives to the one before it then waits there for the next round.
            for (int step = 0; step + round < plan.Steps; step++)
            {
                int count = Math.Min(end, plan.Count(step)) - first;
                if (count <= 0)
                {
                    break;
                }

                long column = plan.Start(step) + first;
                T* hidden = _hidden + (column * memory.HiddenStride);
                T* cells = _cells + (column * memory.CellStride);
                if (round == 0)
                {
                    AddOutput(hidden, column, count);
                }

                Step(step, first, count, hidden, cells, z, thread);
                VectorLoops<T, TVec, TSimd>.Add(_z + (column * memory.ZStride), z, count * memory.ZStride);
                Pass(hidden, _hidden, _firstHidden, step, first, count, memory.HiddenStride);
                if (cell.HasCell)
                {
                    Pass(cells, _cells, _firstCells, step, first, count, memory.CellStride);
                }
            }
        }
    }

    /// <summary>Moves gradients to the step before, or adds them to those of the initial state.</summary>
    private void Pass(T* from, T* all, T* initial, int step, int first, int count, int stride)
    {
        if (step > 0)
        {
            T* to = all + ((memory.Plan.Start(step - 1) + (long)first) * stride);
            new ReadOnlySpan<T>(from, count * stride).CopyTo(new Span<T>(to, count * stride));
        }
        else
        {
            VectorLoops<T, TVec, TSimd>.Add(initial + ((long)first * stride), from, count * stride);
        }

        // Nothing comes after the last step of a sequence.
        int going = Math.Clamp(memory.Plan.Count(step + 1) - first, 0, count);
        Clear(from + ((long)going * stride), count - going, stride);
    }

    private void AddOutput(T* hidden, long column, int count)
    {
        int outputs = _pass.Outputs;
        for (int n = 0; n < count; n++, hidden += memory.HiddenStride)
        {
            T* output = _gradients.Output + ((long)memory.Plan.Place((int)column + n) * outputs);
            Span<T> sum = new(hidden, outputs);
            TensorPrimitives.Add(sum, new ReadOnlySpan<T>(output, outputs), sum);
        }
    }

    /// <summary>δz of some sequences of a step, and the gradients of the states before it in place of those after it.</summary>
    private void Step(int step, int first, int count, T* hidden, T* cells, T* z, int thread)
    {
        long column = memory.Plan.Start(step) + first;
        CellStep<T> forward = new()
        {
            Count = count,
            Rank = first,
            Column = column,
            Z = memory.Z + (column * memory.ZStride),
            HiddenBefore = memory.Hidden + (column * memory.HiddenStride),
            CellBefore = memory.Cells + (column * memory.CellStride),
        };
        CellGradients<T> gradients = new() { Hidden = hidden, Cell = cells, Z = z, Accumulate = _rounds > 0 };
        cell.Backward(forward, gradients, thread);
        for (int n = 0; n < cell.Parts.Length; n++)
        {
            RecurrentPart part = cell.Parts[n];
            if (part.RecurrentGate < 0)
            {
                continue;
            }

            T* dz = z + (part.FirstBlock * memory.Gates.Stride);
            if (operands.HiddenMask == null)
            {
                Transposed(_recurrentWeights[n], dz, count, null, hidden, memory.HiddenStride, step % 2 == 1);
                continue;
            }

            T* masked = _masked + ((long)first * memory.HiddenStride);
            Transposed(_recurrentWeights[n], dz, count, _zeros, masked, memory.HiddenStride, step % 2 == 1);
            for (int c = 0; c < count; c++)
            {
                long at = (long)c * memory.HiddenStride;
                VectorLoops<T, TVec, TSimd>.AddProduct(
                    hidden + at, masked + at, operands.HiddenMaskOf(n, first + c), memory.HiddenStride);
            }
        }
    }

    /// <summary>result = start + Mᵀ δz, or result += Mᵀ δz if the start is null.</summary>
    private void Transposed(
        PackedMatrix<T, TVec, TSimd> weights, T* dz, int count, T* start, T* result, int resultStride, bool downwards)
    {
        int groups = weights.Rows.Groups;
        for (int n = 0; n < groups; n++)
        {
            int group = downwards ? groups - 1 - n : n;
            Product<T, TVec, TSimd>.Padded(
                weights, 0, weights.Depth, group, group + 1, dz, memory.ZStride, count, start, result, resultStride);
        }
    }

    /// <summary>∂x = Wᵀ δz for this thread's share of all columns.</summary>
    private void InputGradient(int thread)
    {
        int end = First(memory.Plan.Columns, thread + 1);
        T* sums = _inputs + (2L * thread * Chunk * _inputStride);
        T* masked = sums + ((long)Chunk * _inputStride);
        for (int first = First(memory.Plan.Columns, thread); first < end; first += Chunk)
        {
            int count = Math.Min(Chunk, end - first);
            bool begun = false;
            for (int n = 0; n < cell.Parts.Length; n++)
            {
                RecurrentPart part = cell.Parts[n];
                if (part.InputGate < 0)
                {
                    continue;
                }

                T* dz = _z + ((long)first * memory.ZStride) + (part.FirstBlock * memory.Gates.Stride);
                if (operands.InputMask == null)
                {
                    Transposed(_inputWeights[n], dz, count, begun ? null : _zeros, sums, _inputStride, false);
                }
                else
                {
                    Transposed(_inputWeights[n], dz, count, _zeros, masked, _inputStride, false);
                    AddMasked(masked, sums, n, first, count, begun);
                }

                begun = true;
            }

            for (int c = 0; c < count; c++)
            {
                T* to = _gradients.Input + ((long)memory.Plan.Place(first + c) * _pass.Inputs);
                RecurrentMemory<T>.Copy(sums + ((long)c * _inputStride), _pass.Inputs, to, _pass.Inputs);
            }
        }
    }

    private void AddMasked(T* masked, T* sums, int part, int first, int count, bool begun)
    {
        StepPlan plan = memory.Plan;
        int step = 0;
        for (int c = 0; c < count; c++, masked += _inputStride, sums += _inputStride)
        {
            while (plan.Start(step + 1) <= first + c)
            {
                step++;
            }

            T* mask = operands.InputMaskOf(part, first + c - plan.Start(step));
            for (int n = 0; n < _pass.Inputs; n++)
            {
                sums[n] = (begun ? sums[n] : T.Zero) + (masked[n] * mask[n]);
            }
        }
    }

    /// <summary>∂W += Σ δzₜ xₜᵀ, ∂U += Σ δzₜ hₜ₋₁ᵀ, ∂b += Σ δzₜ.</summary>
    private void WeightGradients(int thread)
    {
        int rows = cell.Gates * _pass.Units;
        for (int n = 0; n < cell.Parts.Length; n++)
        {
            RecurrentPart part = cell.Parts[n];
            T* hidden = operands.Hidden(n, memory.Hidden, 0);
            _outer.Run(this, thread, memory.Plan.Columns, new OuterOperands<T>
            {
                Rows = new GateOrder(part.Blocks, _pass.Units, TSimd.Count),
                Left = _z + (part.FirstBlock * memory.Gates.Stride),
                LeftColumn = memory.ZStride,
                LeftGate = memory.Gates.Stride,
                GradientColumn = rows,
                First = new Columns<T>(null, 0, operands.Input(n, 0, 0), part.InputGate < 0 ? 0 : _pass.Inputs),
                FirstGradient = _gradients.InputWeights + ((long)part.InputGate * _pass.Units),
                Second = new Columns<T>(null, 0, hidden, part.RecurrentGate < 0 ? 0 : _pass.Outputs, memory.HiddenStride),
                SecondGradient = _gradients.RecurrentWeights + ((long)part.RecurrentGate * _pass.Units),
                BiasGradient = cell.BiasGradient == null || part.BiasGate < 0
                    ? _noBias
                    : cell.BiasGradient + ((long)part.BiasGate * _pass.Units),
            });
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
