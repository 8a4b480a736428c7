using System.Numerics;

namespace Lstm.Kernels;

/// <summary>
/// The cells of the original GRU, whose reset gate comes before the product, which therefore has to wait for it:
/// <code>
/// r = σ(z_r)   u = σ(z_u)   q = r ⊙ hₜ₋₁                  (1)
/// n = tanh(z_n + U_n q)                                  (2)
/// hₜ = (1 − u) ⊙ n + u ⊙ hₜ₋₁                            (3)
/// </code>
/// </summary>
internal sealed unsafe class OriginalGruCell<T, TVec, TSimd> : SimpleCell<T, TVec, TSimd>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    /// <summary>r and u have both products, n has W x only.</summary>
    private static readonly RecurrentPart[] AllParts = [new(0, 2, 0, 0, 0), new(2, 1, 2, -1, 2)];

    private readonly PackedMatrix<T, TVec, TSimd> _transposed = new();
    private readonly OuterProduct<T, TVec, TSimd> _outer = new();
    private readonly AlignedBuffer<T> _resetBuffer = new();
    private readonly AlignedBuffer<T> _gradientBuffer = new();
    private readonly AlignedBuffer<T> _zeroBuffer = new();
    private readonly AlignedBuffer<T> _sumBuffer = new();
    private PackedMatrix<T, TVec, TSimd>? _packed;

    // q: of all columns in training, of each sequence in inference. And δq of each sequence.
    private T* _reset;
    private T* _resetGradient;
    private T* _zeros;
    private T* _sums;

    public override int Gates => 3;

    public override ReadOnlySpan<RecurrentPart> Parts => AllParts;

    private int Units => Pass.Units;

    /// <summary>U_n.</summary>
    private T* Weights => Pass.RecurrentWeights + (2L * Units);

    /// <summary>The only gate of U_n.</summary>
    private GateBlocks Candidate => new(1, Units, TSimd.Count);

    public override void Prepare(
        in RecurrentPass<T> pass, RecurrentMemory<T> memory, PackedMatrix<T, TVec, TSimd>? packed, int threads)
    {
        base.Prepare(pass, memory, packed, threads);
        _packed = packed;
        _reset = _resetBuffer.Get((memory.Training ? memory.Plan.Columns : pass.Batch) * (long)Stride);
    }

    public override void PrepareWeights(PackedMatrix<T, TVec, TSimd> packed) =>
        packed.Prepare(new GateOrder(1, Stride, TSimd.Count), Units);

    public override void Pack(PackedMatrix<T, TVec, TSimd> packed, TeamJob job, int thread)
    {
        int groups = packed.Rows.Groups;
        packed.PackGates(Weights, 3 * Units, Candidate, 0, Units, job.First(groups, thread), job.First(groups, thread + 1));
    }

    public override void PrepareBackward(int threads)
    {
        _transposed.Prepare(new GateOrder(1, Units, TSimd.Count), Stride);
        _resetGradient = _gradientBuffer.Get((long)Pass.Batch * Stride);
        _zeros = _zeroBuffer.Get(Stride);
        new Span<T>(_zeros, Stride).Clear();
        _sums = _sumBuffer.Get(Stride);
        if (Memory.Plan.Columns > 0)
        {
            _outer.Prepare(Memory.Plan.Columns, Units, threads);
        }
    }

    public override void PackBackward(TeamJob job, int thread)
    {
        int groups = _transposed.Rows.Groups;
        _transposed.PackGateColumns(Weights, 3 * Units, Candidate, job.First(groups, thread), job.First(groups, thread + 1));
    }

    public override void Forward(in CellStep<T> step, int thread)
    {
        T* reset = _reset + ((Memory.Training ? step.Column : step.Rank) * Stride);
        T* sums = step.Z + (2L * Stride);
        Reset(step, reset);
        if (_packed is { } packed)
        {
            Product<T, TVec, TSimd>.Padded(
                packed, 0, Units, 0, packed.Rows.Groups, reset, Stride, step.Count, null, sums, Memory.ZStride);
        }
        else
        {
            // There is one column only.
            VectorProduct<T, TVec, TSimd>.Add(Weights, 3 * Units, Units, Units, reset, sums);
        }

        Mix(step);
    }

    public override void Backward(in CellStep<T> step, in CellGradients<T> gradients, int thread)
    {
        MixBack(step, gradients);
        T* resetGradient = _resetGradient + ((long)step.Rank * Stride);
        Product<T, TVec, TSimd>.Padded(
            _transposed,
            0,
            _transposed.Depth,
            0,
            _transposed.Rows.Groups,
            gradients.Z + (2L * Stride),
            Memory.ZStride,
            step.Count,
            _zeros,
            resetGradient,
            Stride);
        ResetBack(step, gradients, resetGradient);
    }

    /// <summary>∂U_n += Σ δz_n qᵀ.</summary>
    public override void Gradients(TeamJob job, int thread, T* dz) => _outer.Run(job, thread, Memory.Plan.Columns, new OuterOperands<T>
    {
        Rows = new GateOrder(1, Units, TSimd.Count),
        Left = dz + (2L * Stride),
        LeftColumn = Memory.ZStride,
        GradientColumn = 3 * Units,
        First = new Columns<T>(null, 0, _reset, Units, Stride),
        FirstGradient = Settings.RecurrentGradient + (2L * Units),

        // The sums of δz_n, which the product gives as well, are in the bias's gradient already.
        BiasGradient = _sums,
    });

    /// <summary>(1).</summary>
    private void Reset(in CellStep<T> step, T* reset)
    {
        for (int n = 0; n < step.Count; n++, reset += Stride)
        {
            T* z = step.Z + ((long)n * Memory.ZStride);
            T* before = step.HiddenBefore + ((long)n * Stride);
            for (int unit = 0; unit < Stride; unit += TSimd.Count, z += TSimd.Count)
            {
                TVec r = VectorMath<T, TVec, TSimd>.Sigmoid(TSimd.Load(z));
                TSimd.Store(r, z);
                TSimd.Store(VectorMath<T, TVec, TSimd>.Sigmoid(TSimd.Load(z + Stride)), z + Stride);
                TSimd.Store(TSimd.Multiply(r, TSimd.Load(before + unit)), reset + unit);
            }
        }
    }

    /// <summary>The function of (2), and (3).</summary>
    private void Mix(in CellStep<T> step)
    {
        TVec one = TSimd.Constant(1, 1);
        for (int n = 0; n < step.Count; n++)
        {
            T* z = step.Z + ((long)n * Memory.ZStride);
            T* before = step.HiddenBefore + ((long)n * Stride);
            T* after = step.HiddenAfter + ((long)n * Stride);
            for (int unit = 0; unit < Stride; unit += TSimd.Count, z += TSimd.Count)
            {
                TVec u = TSimd.Load(z + Stride);
                TVec candidate = VectorMath<T, TVec, TSimd>.Tanh(TSimd.Load(z + (2 * Stride)));
                TSimd.Store(candidate, z + (2 * Stride));
                TVec fresh = TSimd.Multiply(TSimd.Subtract(one, u), candidate);
                TSimd.Store(TSimd.MultiplyAdd(u, TSimd.Load(before + unit), fresh), after + unit);
            }
        }
    }

    /// <summary>Back through (3) and the function of (2).</summary>
    private void MixBack(in CellStep<T> step, in CellGradients<T> gradients)
    {
        TVec one = TSimd.Constant(1, 1);
        for (int n = 0; n < step.Count; n++)
        {
            T* z = step.Z + ((long)n * Memory.ZStride);
            T* dz = gradients.Z + ((long)n * Memory.ZStride);
            T* before = step.HiddenBefore + ((long)n * Stride);
            T* hidden = gradients.Hidden + ((long)n * Stride);
            for (int unit = 0; unit < Stride; unit += TSimd.Count, z += TSimd.Count, dz += TSimd.Count)
            {
                TVec u = TSimd.Load(z + Stride);
                TVec candidate = TSimd.Load(z + (2 * Stride));
                TVec dh = TSimd.Load(hidden + unit);
                TVec rest = TSimd.Subtract(one, u);
                TVec du = TSimd.Multiply(dh, TSimd.Subtract(TSimd.Load(before + unit), candidate));
                TVec slope = TSimd.Subtract(one, TSimd.Multiply(candidate, candidate));
                TSimd.Store(TSimd.Multiply(TSimd.Multiply(dh, rest), slope), dz + (2 * Stride));
                TSimd.Store(TSimd.Multiply(du, TSimd.Multiply(u, rest)), dz + Stride);
                TSimd.Store(TSimd.Multiply(dh, u), hidden + unit);
            }
        }
    }

    /// <summary>Back through (1).</summary>
    private void ResetBack(in CellStep<T> step, in CellGradients<T> gradients, T* resetGradient)
    {
        TVec one = TSimd.Constant(1, 1);
        for (int n = 0; n < step.Count; n++, resetGradient += Stride)
        {
            T* z = step.Z + ((long)n * Memory.ZStride);
            T* dz = gradients.Z + ((long)n * Memory.ZStride);
            T* before = step.HiddenBefore + ((long)n * Stride);
            T* hidden = gradients.Hidden + ((long)n * Stride);
            for (int unit = 0; unit < Stride; unit += TSimd.Count)
            {
                TVec r = TSimd.Load(z + unit);
                TVec dq = TSimd.Load(resetGradient + unit);
                TVec dr = TSimd.Multiply(dq, TSimd.Load(before + unit));
                TSimd.Store(TSimd.Multiply(dr, TSimd.Multiply(r, TSimd.Subtract(one, r))), dz + unit);
                TSimd.Store(TSimd.MultiplyAdd(dq, r, TSimd.Load(hidden + unit)), hidden + unit);
            }
        }
    }
}

/// <summary>Makes the cells of a GRU whose reset gate comes before the product.</summary>
internal readonly struct OriginalGruCellMaker<T> : ICellMaker<T, SimpleCellPass<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static RecurrentCell<T, SimpleCellPass<T>, TVec, TSimd> Make<TVec, TSimd>()
        where TVec : struct
        where TSimd : struct, ISimd<T, TVec> => new OriginalGruCell<T, TVec, TSimd>();
}
