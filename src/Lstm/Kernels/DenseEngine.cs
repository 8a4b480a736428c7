using System.Numerics;
using System.Numerics.Tensors;
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
        >= 512 when Vector512.IsHardwareAccelerated => new DenseEngine<T, Vector512<T>, Simd512<T>>(new()),
        >= 256 when Vector256.IsHardwareAccelerated => new DenseEngine<T, Vector256<T>, Simd256<T>>(new()),
        >= 128 when Vector128.IsHardwareAccelerated => new DenseEngine<T, Vector128<T>, Simd128<T>>(new()),
        _ => new DenseEngine<T, T, SimdScalar<T>>(new()),
    };

    /// <summary>An engine for calls at the same time, which shares with this one what inference keeps of the weights.</summary>
    public abstract DenseEngine<T> Sibling();

    /// <summary>y = W x + b for all columns.</summary>
    public abstract void Forward(in DensePass<T> pass, int threads);

    /// <summary>∂x = Wᵀ ∂y, ∂W += Σ ∂y xᵀ, ∂b += Σ ∂y.</summary>
    public abstract void Backward(in DensePass<T> pass, in DenseGradients<T> gradients, int threads);
}

/// <inheritdoc cref="DenseEngine{T}"/>
internal sealed unsafe class DenseEngine<T, TVec, TSimd>(PackedShare<PackedMatrix<T, TVec, TSimd>> share) : DenseEngine<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    /// <summary>Groups of rows for each thread, from which on their shares are about equal.</summary>
    private const int LeastGroups = 8;

    private readonly PackedShare<PackedMatrix<T, TVec, TSimd>>.Holder _own = new();
    private readonly List<PackedMatrix<T, TVec, TSimd>> _panels = [];
    private readonly OuterProduct<T, TVec, TSimd> _outer = new();
    private readonly AlignedBuffer<T> _startBuffer = new();
    private readonly AlignedBuffer<T> _inputSumsBuffer = new();
    private DensePass<T> _pass;
    private PackedMatrix<T, TVec, TSimd> _weights = null!;
    private DenseGradients<T> _gradients;
    private GateOrder _rows;
    private T* _start;
    private T* _inputSums;
    private bool _backward;
    private bool _keepsPacked;
    private bool _isPacked;
    private bool _byGroup;

    public override DenseEngine<T> Sibling() => new DenseEngine<T, TVec, TSimd>(share);

    public override void Forward(in DensePass<T> pass, int threads)
    {
        long version = pass.WeightsVersion;
        bool isStep = pass.Columns <= VectorProduct<T, TVec, TSimd>.MaxColumns;

        // The sums of a transpose go along its columns, in another order than those of packed weights.
        if (isStep && (pass.Transposed || !share.PaysForStep(version)))
        {
            ForwardUnpacked(pass);
            return;
        }

        threads = isStep ? 1 : Schedule.Threads(threads, pass.MultiplyAdds);
        PackedShare<PackedMatrix<T, TVec, TSimd>>.Holder kept = share.Take(version, _own, out _isPacked);
        (_weights, _keepsPacked) = (kept.Packed, version != 0);
        Prepare(pass, false, pass.Outputs, pass.Inputs, threads);
        new ReadOnlySpan<T>(pass.Bias, pass.Outputs).CopyTo(new Span<T>(_start, pass.Outputs));
        RunOn(threads);
        share.Give(kept, version);
    }

    public override void Backward(in DensePass<T> pass, in DenseGradients<T> gradients, int threads)
    {
        threads = Schedule.Threads(threads, 2 * pass.MultiplyAdds);
        _gradients = gradients;
        (_weights, _keepsPacked, _isPacked) = (_own.Packed, false, false);
        Prepare(pass, true, pass.Inputs, pass.Outputs, threads);
        _outer.Prepare(pass.Columns, pass.Transposed ? pass.Outputs : pass.Inputs, threads);
        _inputSums = _inputSumsBuffer.Get(pass.Transposed ? pass.Inputs : 0);
        RunOn(threads);
    }

    internal override void Run(int thread)
    {
        int firstGroup = First(_rows.Groups, thread);
        int endGroup = First(_rows.Groups, thread + 1);
        if (_byGroup)
        {
            MultiplyByGroup(firstGroup, endGroup, thread);
            return;
        }

        if (!_isPacked)
        {
            Pack(_weights, firstGroup, endGroup);
            Wait();
        }

        int first = First(_pass.Columns, thread);
        Multiply(_weights, 0, _rows.Groups, first, First(_pass.Columns, thread + 1) - first, default);
        if (!_backward)
        {
            return;
        }

        if (_pass.Transposed)
        {
            // Beside the gradient of Wᵀ come the sums of x, which nobody needs, and not those of ∂y.
            WeightGradients(thread, _pass.Input, _pass.Inputs, _gradients.Output, _pass.Outputs, _inputSums);
            BiasGradient(thread);
        }
        else
        {
            WeightGradients(thread, _gradients.Output, _pass.Outputs, _pass.Input, _pass.Inputs, _gradients.Bias);
        }
    }

    /// <summary>A column or two, a step of a stream: too little work to pack the weights for.</summary>
    private static void ForwardUnpacked(in DensePass<T> pass)
    {
        for (int column = 0; column < pass.Columns; column++)
        {
            T* output = pass.Output + ((long)column * pass.Outputs);
            new ReadOnlySpan<T>(pass.Bias, pass.Outputs).CopyTo(new Span<T>(output, pass.Outputs));
            T* input = pass.Input + ((long)column * pass.Inputs);
            if (pass.Transposed)
            {
                VectorProduct<T, TVec, TSimd>.AddTransposed(pass.Weights, pass.Inputs, pass.Outputs, input, output);
            }
            else
            {
                VectorProduct<T, TVec, TSimd>.Add(pass.Weights, pass.Outputs, pass.Outputs, pass.Inputs, input, output);
            }
        }
    }

    /// <summary>
    /// Each panel of W is used but once in a forward pass, for all columns: it is packed just before, unless it has been.
    /// </summary>
    private void MultiplyByGroup(int firstGroup, int endGroup, int thread)
    {
        if (_isPacked)
        {
            Multiply(_weights, firstGroup, endGroup, 0, _pass.Columns, default);
            return;
        }

        PackedMatrix<T, TVec, TSimd> weights = _keepsPacked ? _weights : _panels[thread];
        for (int group = firstGroup; group < endGroup; group++)
        {
            Pack(weights, group, group + 1);
            Multiply(weights, group, group + 1, 0, _pass.Columns, NextWeights(group, endGroup));
        }
    }

    private void Prepare(in DensePass<T> pass, bool backward, int rows, int depth, int threads)
    {
        (_pass, _backward) = (pass, backward);
        _rows = new GateOrder(1, rows, TSimd.Count);

        _byGroup = !backward && (threads == 1 || _rows.Groups >= LeastGroups * threads);
        for (int thread = 0; _byGroup && !_keepsPacked && thread < threads; thread++)
        {
            if (thread == _panels.Count)
            {
                _panels.Add(new PackedMatrix<T, TVec, TSimd>());
            }

            _panels[thread].PrepareSingle(_rows, depth);
        }

        if (!_isPacked && (!_byGroup || _keepsPacked))
        {
            _weights.Prepare(_rows, depth);
        }

        int padded = _rows.PaddedRows;
        _start = _startBuffer.Get(padded);
        new Span<T>(_start, padded).Clear();
    }

    private void Pack(PackedMatrix<T, TVec, TSimd> weights, int firstGroup, int endGroup)
    {
        if (_backward == _pass.Transposed)
        {
            weights.PackRows(_pass.Weights, 0, weights.Depth, firstGroup, endGroup);
        }
        else
        {
            weights.PackColumns(_pass.Weights, new GateOrder(1, weights.Depth, TSimd.Count), firstGroup, endGroup);
        }
    }

    /// <summary>y = W x + b, or ∂x = Wᵀ ∂y, for some groups of rows and some columns.</summary>
    private void Multiply(PackedMatrix<T, TVec, TSimd> weights, int firstGroup, int endGroup, int column, int columns, AheadRuns data)
    {
        (int rows, int depth) = (weights.Rows.Rows, weights.Depth);
        T* from = (_backward ? _gradients.Output : _pass.Input) + ((long)column * depth);
        T* to = (_backward ? _gradients.Input : _pass.Output) + ((long)column * rows);
        Product<T, TVec, TSimd>.Exact(weights, firstGroup, endGroup, from, depth, columns, _start, to, rows, data);
    }

    /// <summary>The weights of the next group, before they are packed.</summary>
    private AheadRuns NextWeights(int group, int endGroup)
    {
        if (group + 1 == endGroup)
        {
            return default;
        }

        int first = _rows.Natural(group + 1);
        int width = _rows.VectorsIn(group + 1) * TSimd.Count;
        long column = (long)(_pass.Transposed ? _pass.Inputs : _pass.Outputs) * sizeof(T);
        return _pass.Transposed
            ? new AheadRuns { Start = (byte*)_pass.Weights + (first * column), Count = 1, Bytes = width * column }
            : new AheadRuns
            {
                Start = _pass.Weights + first,
                Next = column,
                Count = _pass.Inputs,
                Bytes = width * sizeof(T),
                ByTerm = true,
            };
    }

    /// <summary>G += Σ y xᵀ, and g += Σ y.</summary>
    private void WeightGradients(int thread, T* left, int leftRows, T* right, int rightRows, T* leftSums) =>
        _outer.Run(this, thread, _pass.Columns, new OuterOperands<T>
        {
            Rows = new GateOrder(1, leftRows, TSimd.Count),
            Left = left,
            LeftColumn = leftRows,
            First = new Columns<T>(null, 0, right, rightRows),
            FirstGradient = _gradients.Weights,
            BiasGradient = leftSums,
        });

    /// <summary>∂b += Σ ∂y, for this thread's share of the outputs.</summary>
    private void BiasGradient(int thread)
    {
        int first = First(_pass.Outputs, thread);
        var sum = new Span<T>(_gradients.Bias + first, First(_pass.Outputs, thread + 1) - first);
        for (int column = 0; column < _pass.Columns; column++)
        {
            T* from = _gradients.Output + ((long)column * _pass.Outputs) + first;
            TensorPrimitives.Add(sum, new ReadOnlySpan<T>(from, sum.Length), sum);
        }
    }
}
