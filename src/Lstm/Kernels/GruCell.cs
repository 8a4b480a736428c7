using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lstm.Kernels;

/// <summary>
/// The cells of a GRU whose reset gate comes after the product, which z therefore has in two blocks, W x + b and U h + b′:
/// <code>
/// r = σ(z_r)   u = σ(z_u)   n = tanh(z_n + r ⊙ z′_n)   hₜ = (1 − u) ⊙ n + u ⊙ hₜ₋₁
/// </code>
/// </summary>
internal sealed unsafe class GruCell<T, TVec, TSimd> : SimpleCell<T, TVec, TSimd>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    /// <summary>r and u have both products; of n each one is a block of its own.</summary>
    private static readonly RecurrentPart[] AllParts = [new(0, 2, 0, 0, 0), new(2, 1, 2, -1, 2), new(3, 1, -1, 2, 3)];

    public override int Gates => 3;

    public override int Blocks => 4;

    public override ReadOnlySpan<RecurrentPart> Parts => AllParts;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Forward(in CellStep<T> step, int thread)
    {
        TVec one = TSimd.Constant(1, 1);
        int stride = Stride;
        for (int n = 0; n < step.Count; n++)
        {
            T* z = step.Z + ((long)n * Memory.ZStride);
            T* before = step.HiddenBefore + ((long)n * stride);
            T* after = step.HiddenAfter + ((long)n * stride);
            for (int unit = 0; unit < stride; unit += TSimd.Count, z += TSimd.Count)
            {
                TVec r = VectorMath<T, TVec, TSimd>.Sigmoid(TSimd.Load(z));
                TVec u = VectorMath<T, TVec, TSimd>.Sigmoid(TSimd.Load(z + stride));
                TVec sum = TSimd.MultiplyAdd(r, TSimd.Load(z + (3 * stride)), TSimd.Load(z + (2 * stride)));
                TVec candidate = VectorMath<T, TVec, TSimd>.Tanh(sum);
                TVec fresh = TSimd.Multiply(TSimd.Subtract(one, u), candidate);
                TSimd.Store(TSimd.MultiplyAdd(u, TSimd.Load(before + unit), fresh), after + unit);
                TSimd.Store(r, z);
                TSimd.Store(u, z + stride);
                TSimd.Store(candidate, z + (2 * stride));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Backward(in CellStep<T> step, in CellGradients<T> gradients, int thread)
    {
        TVec one = TSimd.Constant(1, 1);
        int stride = Stride;
        for (int n = 0; n < step.Count; n++)
        {
            T* z = step.Z + ((long)n * Memory.ZStride);
            T* dz = gradients.Z + ((long)n * Memory.ZStride);
            T* before = step.HiddenBefore + ((long)n * stride);
            T* hidden = gradients.Hidden + ((long)n * stride);
            for (int unit = 0; unit < stride; unit += TSimd.Count, z += TSimd.Count, dz += TSimd.Count)
            {
                TVec r = TSimd.Load(z);
                TVec u = TSimd.Load(z + stride);
                TVec candidate = TSimd.Load(z + (2 * stride));
                TVec product = TSimd.Load(z + (3 * stride));
                TVec dh = TSimd.Load(hidden + unit);
                TVec rest = TSimd.Subtract(one, u);
                TVec du = TSimd.Multiply(dh, TSimd.Subtract(TSimd.Load(before + unit), candidate));
                TVec slope = TSimd.Subtract(one, TSimd.Multiply(candidate, candidate));
                TVec dSum = TSimd.Multiply(TSimd.Multiply(dh, rest), slope);
                TVec dr = TSimd.Multiply(dSum, product);
                TSimd.Store(TSimd.Multiply(dr, TSimd.Multiply(r, TSimd.Subtract(one, r))), dz);
                TSimd.Store(TSimd.Multiply(du, TSimd.Multiply(u, rest)), dz + stride);
                TSimd.Store(dSum, dz + (2 * stride));
                TSimd.Store(TSimd.Multiply(dSum, r), dz + (3 * stride));
                TSimd.Store(TSimd.Multiply(dh, u), hidden + unit);
            }
        }
    }
}

/// <summary>Makes the cells of a GRU whose reset gate comes after the product.</summary>
internal readonly struct GruCellMaker<T> : ICellMaker<T, SimpleCellPass<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static RecurrentCell<T, SimpleCellPass<T>, TVec, TSimd> Make<TVec, TSimd>()
        where TVec : struct
        where TSimd : struct, ISimd<T, TVec> => new GruCell<T, TVec, TSimd>();
}
