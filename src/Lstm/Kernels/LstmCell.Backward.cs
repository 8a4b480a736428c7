using System.Runtime.CompilerServices;

namespace Lstm.Kernels;

/// <content>The backward pass. δx stands for ∂L/∂x.</content>
internal sealed unsafe partial class LstmCell<T, TVec, TSimd>
{
    private readonly PackedMatrix<T, TVec, TSimd> _transposed = new();
    private readonly OuterProduct<T, TVec, TSimd> _outer = new();
    private readonly AlignedBuffer<T> _hiddenGradientBuffer = new();
    private readonly AlignedBuffer<T> _stepGradientBuffer = new();
    private readonly AlignedBuffer<T> _productGradientBuffer = new();
    private readonly AlignedBuffer<T> _gateGradientBuffer = new();
    private readonly AlignedBuffer<T> _sumBuffer = new();

    /// <summary>δh̃ of all columns, for the gradient of P.</summary>
    private T* _hiddenGradient;

    /// <summary>δh̃ of one step.</summary>
    private T* _stepGradient;

    /// <summary>δm of one step.</summary>
    private T* _productGradient;

    /// <summary>With layer normalisation, the gradients of what comes out of it, for those of γ and b.</summary>
    private T* _gateGradient;

    private T* _sums;

    public override void PrepareBackward(int threads)
    {
        long columns = _memory.Plan.Columns;
        long batch = _pass.Batch;
        _hiddenGradient = Buffer(_hiddenGradientBuffer, Projects, (columns * _hiddenStride) + Cache.Line);
        _stepGradient = Buffer(_stepGradientBuffer, Projects || ZonesHidden, batch * _hiddenStride);
        _productGradient = Buffer(_productGradientBuffer, Projects, batch * _stride);
        _gateGradient = Buffer(_gateGradientBuffer, Normalizes, columns * Gates * _stride);
        _scratch = _scratchBuffer.Get((long)threads * (Gates + 1) * _stride);
        _sums = _sumBuffer.Get(Math.Max((2L * Gates) + Gates - 1, 1) * Math.Max(_stride, _hiddenStride));
        if (_pass.LookBack > 0)
        {
            Clear(_hiddenGradient, columns, _hiddenStride);
            Clear(_gateGradient, columns * Gates, _stride);
        }

        if (Projects && columns > 0)
        {
            _transposed.Prepare(new GateOrder(1, _pass.Units, TSimd.Count), _pass.Outputs);
            _outer.Prepare((int)columns, _pass.Units, threads);
        }
    }

    public override void PackBackward(TeamJob job, int thread)
    {
        if (Projects)
        {
            int groups = _transposed.Rows.Groups;
            GateOrder depth = new(1, _pass.Outputs, TSimd.Count);
            _transposed.PackColumns(_settings.Projection, depth, job.First(groups, thread), job.First(groups, thread + 1));
        }
    }

    public override void Backward(in CellStep<T> step, in CellGradients<T> gradients, int thread)
    {
        T* product = HiddenBack(step, gradients);
        for (int n = 0; n < step.Count; n++)
        {
            Column(step, gradients, n, product + ((long)n * _stride), thread);
            if (!Projects && !ZonesHidden)
            {
                new Span<T>(gradients.Hidden + ((long)n * _hiddenStride), _hiddenStride).Clear();
            }
        }
    }

    public override void Gradients(TeamJob job, int thread, T* dz)
    {
        int vectors = _stride / TSimd.Count;
        int first = job.First(vectors, thread) * TSimd.Count;
        int length = (job.First(vectors, thread + 1) * TSimd.Count) - first;
        if (length > 0 && (_settings.Peepholes != null || Normalizes))
        {
            VectorGradients(dz, first, length);
        }

        if (Projects)
        {
            // The sums of δh̃, which the product gives as well, are nobody's gradient.
            _outer.Run(job, thread, _memory.Plan.Columns, new OuterOperands<T>
            {
                Rows = new GateOrder(1, _pass.Outputs, TSimd.Count),
                Left = _hiddenGradient,
                LeftColumn = _hiddenStride,
                First = new Columns<T>(null, 0, _product, _pass.Units, _stride),
                FirstGradient = _settings.ProjectionGradient,
                BiasGradient = _sums,
            });
        }
    }

    private static void Clear(T* target, long columns, int stride)
    {
        for (long n = 0; target != null && n < columns; n++)
        {
            new Span<T>(target + (n * stride), stride).Clear();
        }
    }

    /// <summary>From δhₜ to δm of some columns, back through (5) and (4).</summary>
    private T* HiddenBack(in CellStep<T> step, in CellGradients<T> gradients)
    {
        if (!Projects && !ZonesHidden)
        {
            return gradients.Hidden;
        }

        T* kept = _hiddenGradient + (step.Column * _hiddenStride);
        T* fresh = Projects && !gradients.Accumulate ? kept : _stepGradient + ((long)step.Rank * _hiddenStride);
        for (int n = 0; n < step.Count; n++)
        {
            long at = (long)n * _hiddenStride;
            T* hidden = gradients.Hidden + at;
            if (ZonesHidden)
            {
                VectorLoops<T, TVec, TSimd>.BlendBack(hidden, HiddenShare(step, n), hidden, fresh + at, _hiddenStride);
            }
            else
            {
                new ReadOnlySpan<T>(hidden, _hiddenStride).CopyTo(new Span<T>(fresh + at, _hiddenStride));
                new Span<T>(hidden, _hiddenStride).Clear();
            }
        }

        if (!Projects)
        {
            return fresh;
        }

        if (gradients.Accumulate)
        {
            VectorLoops<T, TVec, TSimd>.Add(kept, fresh, step.Count * _hiddenStride);
        }

        T* product = _productGradient + ((long)step.Rank * _stride);
        Product<T, TVec, TSimd>.Padded(
            _transposed, 0, _pass.Outputs, 0, _transposed.Rows.Groups, fresh, _hiddenStride, step.Count, ZeroColumn(), product, _stride);
        return product;
    }

    /// <summary>From δm and δcₜ to δz and δcₜ₋₁ of one column.</summary>
    private void Column(in CellStep<T> step, in CellGradients<T> gradients, int n, T* product, int thread)
    {
        long kept = step.Column + n;
        T* z = step.Z + ((long)n * _memory.ZStride);
        T* dz = gradients.Z + ((long)n * _memory.ZStride);
        T* before = step.CellBefore + ((long)n * _stride);
        T* active = _activeCell + (kept * _stride);
        T* freshCell = _freshCell + (kept * _stride);
        T* cell = gradients.Cell + ((long)n * _stride);
        T* d = _scratch + ((long)thread * (Gates + 1) * _stride);
        T* fresh = d + ((long)Gates * _stride);
        T* output = z + ((long)OutputGate * _stride);

        // (5): fresh = δc̃ as far as it comes from cₜ; cell = what goes past the gates.
        if (ZonesCell)
        {
            VectorLoops<T, TVec, TSimd>.BlendBack(cell, CellShare(step, n), cell, fresh, _stride);
        }
        else
        {
            new ReadOnlySpan<T>(cell, _stride).CopyTo(new Span<T>(fresh, _stride));
            new Span<T>(cell, _stride).Clear();
        }

        // (3): δo = δm ⊙ tanh c̃, and δc̃ += δm ⊙ o ⊙ tanh′ c̃.
        VectorLoops<T, TVec, TSimd>.Multiply(d, product, output, _stride);
        ActivationLoops<T, TVec, TSimd>.Back(_settings.Output, active, d, d, _stride);
        VectorLoops<T, TVec, TSimd>.Add(fresh, d, _stride);
        T* dOutput = d + ((long)OutputGate * _stride);
        VectorLoops<T, TVec, TSimd>.Multiply(dOutput, product, active, _stride);
        GateBack(z, dOutput, dz, kept, OutputGate, OutputPeephole, fresh, gradients.Accumulate);
        if (_settings.CellClip > 0)
        {
            VectorLoops<T, TVec, TSimd>.ClipBack(fresh, freshCell, CellLimit, _stride);
        }

        FreshCellBack(z, before, fresh, d, cell);
        GateBack(z, d, dz, kept, 0, 0, cell, gradients.Accumulate);
        if (!_settings.Coupled)
        {
            GateBack(z, d + ((long)ForgetGate * _stride), dz, kept, ForgetGate, 1, cell, gradients.Accumulate);
        }

        GateBack(z, d + ((long)Candidate * _stride), dz, kept, Candidate, -1, cell, gradients.Accumulate);
    }

    /// <summary>Back through (2): δi, δf and δg, and δcₜ₋₁ += δc̃ ⊙ f.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FreshCellBack(T* z, T* before, T* fresh, T* d, T* cell)
    {
        long f = (long)ForgetGate * _stride, g = (long)Candidate * _stride;
        TVec one = TSimd.Constant(1, 1);
        bool coupled = _settings.Coupled;
        for (int n = 0; n < _stride; n += TSimd.Count)
        {
            TVec dc = TSimd.Load(fresh + n);
            TVec i = TSimd.Load(z + n);
            TVec candidate = TSimd.Load(z + g + n);
            TVec c = TSimd.Load(before + n);
            TVec forget = coupled ? TSimd.Subtract(one, i) : TSimd.Load(z + f + n);
            TSimd.Store(TSimd.Multiply(dc, i), d + g + n);
            if (coupled)
            {
                TSimd.Store(TSimd.Multiply(dc, TSimd.Subtract(candidate, c)), d + n);
            }
            else
            {
                TSimd.Store(TSimd.Multiply(dc, candidate), d + n);
                TSimd.Store(TSimd.Multiply(dc, c), d + f + n);
            }

            TSimd.Store(TSimd.MultiplyAdd(dc, forget, TSimd.Load(cell + n)), cell + n);
        }
    }

    /// <summary>From the gradient of a gate to δz, and δc through its peephole.</summary>
    private void GateBack(T* gates, T* d, T* dz, long kept, int gate, int peephole, T* cell, bool accumulate)
    {
        long at = (long)gate * _stride;
        ActivationFunction function = gate == Candidate ? _settings.Candidate : _settings.Gate;
        ActivationLoops<T, TVec, TSimd>.Back(function, gates + at, d, dz + at, _stride);
        T* normal = _normal + (((kept * Gates) + gate) * _stride);
        if (ClipsGates)
        {
            T* unclipped = normal;
            if (Normalizes)
            {
                // Computed as it was forward, so that it is on the same side of the limit.
                unclipped = d;
                for (int n = 0; n < _stride; n += TSimd.Count)
                {
                    TVec value = TSimd.MultiplyAdd(TSimd.Load(_gain + at + n), TSimd.Load(normal + n), TSimd.Load(_bias + at + n));
                    TSimd.Store(value, unclipped + n);
                }
            }

            VectorLoops<T, TVec, TSimd>.ClipBack(dz + at, unclipped, GateLimit, _stride);
        }

        if (Normalizes)
        {
            T* sum = _gateGradient + (((kept * Gates) + gate) * _stride);
            if (accumulate)
            {
                VectorLoops<T, TVec, TSimd>.Add(sum, dz + at, _stride);
            }
            else
            {
                new ReadOnlySpan<T>(dz + at, _stride).CopyTo(new Span<T>(sum, _stride));
            }

            LayerNorm<T, TVec, TSimd>.Backward(
                dz + at, _pass.Units, _stride, _real, _gain + at, normal, _inverse[(kept * Gates) + gate]);
        }

        if (_settings.Peepholes != null && peephole >= 0)
        {
            VectorLoops<T, TVec, TSimd>.AddProduct(cell, _peepholes + ((long)peephole * _stride), dz + at, _stride);
        }
    }

    /// <summary>The gradients of peepholes, γ and b for some units, summed over the columns from the first to the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void VectorGradients(T* dz, int first, int length)
    {
        int peepholes = _settings.Peepholes == null ? 0 : Gates - 1;
        int gates = Normalizes ? Gates : 0;
        for (int n = 0; n < peepholes + (2 * gates); n++)
        {
            new Span<T>(_sums + ((long)n * _stride) + first, length).Clear();
        }

        for (long column = 0; column < _memory.Plan.Columns; column++)
        {
            T* sums = _sums + first;
            T* z = dz + (column * _memory.ZStride) + first;
            for (int n = 0; n < peepholes; n++, sums += _stride)
            {
                bool output = n == OutputPeephole;
                T* cell = output ? _freshCell : _memory.Cells;
                int gate = output ? OutputGate : n;
                VectorLoops<T, TVec, TSimd>.AddProduct(sums, z + ((long)gate * _stride), cell + (column * _stride) + first, length);
            }

            for (int n = 0; n < gates; n++, sums += 2L * _stride)
            {
                long at = (((column * Gates) + n) * _stride) + first;
                VectorLoops<T, TVec, TSimd>.AddProduct(sums, _gateGradient + at, _normal + at, length);
                VectorLoops<T, TVec, TSimd>.Add(sums + _stride, _gateGradient + at, length);
            }
        }

        T* from = _sums + first;
        int units = Math.Min(length, _pass.Units - first);
        for (int n = 0; n < peepholes; n++, from += _stride)
        {
            AddTo(_settings.PeepholeGradient + ((long)n * _pass.Units) + first, from, units);
        }

        for (int n = 0; n < gates; n++, from += 2L * _stride)
        {
            AddTo(_settings.GainGradient + ((long)n * _pass.Units) + first, from, units);
            if (_settings.BiasGradient != null)
            {
                AddTo(_settings.BiasGradient + ((long)n * _pass.Units) + first, from + _stride, units);
            }
        }
    }

    private static void AddTo(T* target, T* source, int length)
    {
        for (int n = 0; n < length; n++)
        {
            target[n] += source[n];
        }
    }
}
