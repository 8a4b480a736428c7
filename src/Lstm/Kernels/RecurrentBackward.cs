using System.Numerics;
using System.Numerics.Tensors;

namespace Lstm.Kernels;

/// <summary>Backward through the steps of a plan, after a forward pass in training.</summary>
/// <remarks>
/// Each thread takes the sequences of its slice back through all steps, without a barrier; then the gradients of x and of
/// the weights are products over all columns. With a look-back of k steps the errors of all steps flow back at once, in k
/// rounds: round j takes each error from the place that it has come to, j steps before its own, to the step before.
/// </remarks>
internal sealed unsafe partial class RecurrentBackward<T, TPass, TVec, TSimd>(
    RecurrentMemory<T> memory, RecurrentCell<T, TPass, TVec, TSimd> cell, RecurrentOperands<T, TVec, TSimd> operands) : TeamJob
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
        cell.PackBackward(this, thread);
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
}
