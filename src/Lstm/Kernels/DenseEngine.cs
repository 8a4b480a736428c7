using System.Numerics;
using System.Runtime.Intrinsics;

namespace Lstm.Kernels;

/// <summary>
/// The arithmetic of a fully connected layer with the memory it needs, for one call at a time. See
/// <see cref="LstmEngine{T}"/>.
/// </summary>
internal abstract class DenseEngine<T> : TeamJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>An engine for the widest vectors of this processor, or for at most the given number of bits.</summary>
    public static DenseEngine<T> Create(int bits = 512) => bits switch
    {
        >= 512 when Vector512.IsHardwareAccelerated => new DenseEngine<T, Vector512<T>, Simd512<T>>(),
        >= 256 when Vector256.IsHardwareAccelerated => new DenseEngine<T, Vector256<T>, Simd256<T>>(),
        >= 128 when Vector128.IsHardwareAccelerated => new DenseEngine<T, Vector128<T>, Simd128<T>>(),
        _ => new DenseEngine<T, T, SimdScalar<T>>(),
    };

    /// <summary>y = W x + b for all columns.</summary>
    public abstract void Forward(in DensePass<T> pass, int threads);

    /// <summary>∂x = Wᵀ ∂y, ∂W += Σ ∂y xᵀ, ∂b += Σ ∂y.</summary>
    public abstract void Backward(in DensePass<T> pass, in DenseGradients<T> gradients, int threads);
}

/// <inheritdoc cref="DenseEngine{T}"/>
internal sealed unsafe class DenseEngine<T, TVec, TSimd> : DenseEngine<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    private readonly PackedMatrix<T, TVec, TSimd> _weights = new();
    private readonly OuterProduct<T, TVec, TSimd> _outer = new();
    private readonly AlignedBuffer<T> _startBuffer = new();
    private DensePass<T> _pass;
    private DenseGradients<T> _gradients;
    private T* _start;
    private bool _backward;

    public override void Forward(in DensePass<T> pass, int threads)
    {
        Prepare(pass, false, pass.Outputs, pass.Inputs);
        new ReadOnlySpan<T>(pass.Bias, pass.Outputs).CopyTo(new Span<T>(_start, pass.Outputs));
        RunOn(Schedule.Threads(threads, pass.MultiplyAdds));
    }

    public override void Backward(in DensePass<T> pass, in DenseGradients<T> gradients, int threads)
    {
        threads = Schedule.Threads(threads, 2 * pass.MultiplyAdds);
        _gradients = gradients;
        Prepare(pass, true, pass.Inputs, pass.Outputs);
        _outer.Prepare(pass.Columns, pass.Inputs, threads);
        RunOn(threads);
    }

    internal override void Run(int thread)
    {
        int groups = _weights.Rows.Groups;
        int firstGroup = First(groups, thread);
        int endGroup = First(groups, thread + 1);
        int first = First(_pass.Columns, thread);
        int count = First(_pass.Columns, thread + 1) - first;
        if (!_backward)
        {
            _weights.PackRows(_pass.Weights, 0, _pass.Inputs, firstGroup, endGroup);
            Wait();
            T* input = _pass.Input + ((long)first * _pass.Inputs);
            T* output = _pass.Output + ((long)first * _pass.Outputs);
            Product<T, TVec, TSimd>.Exact(_weights, input, _pass.Inputs, count, _start, output, _pass.Outputs);
            return;
        }

        _weights.PackColumns(_pass.Weights, new GateOrder(1, _pass.Outputs, TSimd.Count), firstGroup, endGroup);
        Wait();
        T* from = _gradients.Output + ((long)first * _pass.Outputs);
        T* to = _gradients.Input + ((long)first * _pass.Inputs);
        Product<T, TVec, TSimd>.Exact(_weights, from, _pass.Outputs, count, _start, to, _pass.Inputs);
        WeightGradients(thread);
    }

    private void Prepare(in DensePass<T> pass, bool backward, int rows, int depth)
    {
        (_pass, _backward) = (pass, backward);
        _weights.Prepare(new GateOrder(1, rows, TSimd.Count), depth);
        int padded = _weights.Rows.PaddedRows;
        _start = _startBuffer.Get(padded);
        new Span<T>(_start, padded).Clear();
    }

    private void WeightGradients(int thread) => _outer.Run(this, thread, _pass.Columns, new OuterOperands<T>
    {
        Rows = new GateOrder(1, _pass.Outputs, TSimd.Count),
        Left = _gradients.Output,
        LeftColumn = _pass.Outputs,
        First = new Columns<T>(null, 0, _pass.Input, _pass.Inputs),
        FirstGradient = _gradients.Weights,
        BiasGradient = _gradients.Bias,
    });
}
