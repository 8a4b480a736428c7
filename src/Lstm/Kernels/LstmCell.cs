using System.Numerics;

namespace Lstm.Kernels;

/// <summary>
/// The cells of an LSTM with options. For each unit, with those parts that are set:
/// <code>
/// i = σ(zᵢ + pᵢ cₜ₋₁)   f = σ(z_f + p_f cₜ₋₁), or 1 − i   g = tanh(z_g)      (1)
/// c̃ = f cₜ₋₁ + i g, limited to ±clip                                        (2)
/// o = σ(zₒ + pₒ c̃)   m = o tanh(c̃)                                          (3)
/// h̃ = P m, or m                                                             (4)
/// cₜ = d cₜ₋₁ + (1 − d) c̃   hₜ = d′ hₜ₋₁ + (1 − d′) h̃   (zoneout)           (5)
/// </code>
/// Each sum in the brackets of (1) and (3) is normalised over the units and then limited, if that is set.
/// </summary>
internal sealed unsafe partial class LstmCell<T, TVec, TSimd> : RecurrentCell<T, LstmCellPass<T>, TVec, TSimd>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    private static readonly RecurrentPart[] AllGates = [new(0, 4, 0, 0, 0)];
    private static readonly RecurrentPart[] AllCoupledGates = [new(0, 3, 0, 0, 0)];
    private static readonly RecurrentPart[] EachGate =
        [new(0, 1, 0, 0, 0), new(1, 1, 1, 1, 1), new(2, 1, 2, 2, 2), new(3, 1, 3, 3, 3)];

    private readonly AlignedBuffer<T> _vectorBuffer = new();
    private readonly AlignedBuffer<T> _normalBuffer = new();
    private readonly AlignedBuffer<T> _inverseBuffer = new();
    private readonly AlignedBuffer<T> _freshCellBuffer = new();
    private readonly AlignedBuffer<T> _activeCellBuffer = new();
    private readonly AlignedBuffer<T> _productBuffer = new();
    private readonly AlignedBuffer<T> _freshHiddenBuffer = new();
    private readonly AlignedBuffer<T> _cellShareBuffer = new();
    private readonly AlignedBuffer<T> _hiddenShareBuffer = new();
    private readonly AlignedBuffer<T> _scratchBuffer = new();

    private LstmCellPass<T> _settings;
    private RecurrentPass<T> _pass;
    private RecurrentMemory<T> _memory = null!;
    private PackedMatrix<T, TVec, TSimd>? _packed;
    private int _stride;
    private int _hiddenStride;

    // For each unit, padded: 1, zeros in whose place a vector of the layer stands, peepholes, γ and b.
    private T* _real;
    private T* _zeros;
    private T* _peepholes;
    private T* _gain;
    private T* _bias;

    // Of all columns in training; of a thread, or a sequence, in inference.
    private T* _normal;
    private T* _inverse;
    private T* _freshCell;
    private T* _activeCell;
    private T* _product;
    private T* _freshHidden;
    private T* _cellShare;
    private T* _hiddenShare;
    private T* _scratch;

    public override int Gates => _settings.Coupled ? 3 : 4;

    public override bool HasCell => true;

    public override T* Bias => _settings.Gain == null ? _settings.Bias : null;

    public override T* BiasGradient => _settings.Gain == null ? _settings.BiasGradient : null;

    public override ReadOnlySpan<RecurrentPart> Parts => (_pass.DropoutPerGate, _settings.Coupled) switch
    {
        (true, _) => EachGate.AsSpan(0, Gates),
        (_, true) => AllCoupledGates,
        _ => AllGates,
    };

    private bool ZonesCell => _settings.CellZoneout > 0;

    private bool ZonesHidden => _settings.HiddenZoneout > 0;

    private bool Normalizes => _settings.Gain != null;

    private bool ClipsGates => _settings.GateClip > 0;

    private bool Projects => _settings.Projection != null;

    /// <summary>Whether training keeps z as it is before it is limited, or normalised and before its gain.</summary>
    private bool KeepsNormal => Normalizes || ClipsGates;

    /// <summary>Whether training keeps c̃.</summary>
    private bool KeepsFreshCell => _settings.Peepholes != null || _settings.CellClip > 0;

    // The blocks of z, and those of the peepholes.
    private int ForgetGate => _settings.Coupled ? -1 : 1;

    private int Candidate => _settings.Coupled ? 1 : 2;

    private int OutputGate => Gates - 1;

    private int OutputPeephole => _settings.Coupled ? 1 : 2;

    private TVec GateLimit => TSimd.Broadcast(T.CreateTruncating(_settings.GateClip));

    private TVec CellLimit => TSimd.Broadcast(T.CreateTruncating(_settings.CellClip));

    public override void Configure(in RecurrentPass<T> pass, in LstmCellPass<T> settings) => (_pass, _settings) = (pass, settings);

    public override void Prepare(
        in RecurrentPass<T> pass, RecurrentMemory<T> memory, PackedMatrix<T, TVec, TSimd>? packed, int threads)
    {
        (_memory, _packed) = (memory, packed);
        (_stride, _hiddenStride) = (memory.CellStride, memory.HiddenStride);
        bool training = memory.Training;
        long columns = memory.Plan.Columns;
        int batch = pass.Batch;
        PrepareVectors();
        _normal = Buffer(_normalBuffer, KeepsNormal, (training ? columns : threads) * Gates * _stride);
        _inverse = Buffer(_inverseBuffer, Normalizes, training ? columns * Gates : 0);
        _freshCell = Buffer(_freshCellBuffer, KeepsFreshCell || ZonesCell, (training && KeepsFreshCell ? columns : threads) * _stride);
        _activeCell = _activeCellBuffer.Get((training ? columns : threads) * _stride);
        _product = Buffer(_productBuffer, Projects, (training ? columns : batch) * _stride);
        _freshHidden = Buffer(_freshHiddenBuffer, ZonesHidden, (long)batch * _hiddenStride);
        PrepareShares(training, columns);
    }

    public override void PrepareWeights(PackedMatrix<T, TVec, TSimd> packed)
    {
        if (Projects)
        {
            packed.Prepare(new GateOrder(1, _pass.Outputs, TSimd.Count), _pass.Units);
        }
    }

    public override void Pack(PackedMatrix<T, TVec, TSimd> packed, TeamJob job, int thread)
    {
        if (Projects)
        {
            int groups = packed.Rows.Groups;
            packed.PackRows(_settings.Projection, 0, _pass.Units, job.First(groups, thread), job.First(groups, thread + 1));
        }
    }

    public override void Forward(in CellStep<T> step, int thread)
    {
        // m of the columns; h itself where nothing comes between.
        T* fresh = ZonesHidden ? _freshHidden + ((long)step.Rank * _hiddenStride) : step.HiddenAfter;
        T* product = Projects ? _product + ((_memory.Training ? step.Column : step.Rank) * _stride) : fresh;
        bool training = _memory.Training;
        for (int n = 0; n < step.Count; n++)
        {
            long kept = training ? step.Column + n : thread;
            T* z = step.Z + ((long)n * _memory.ZStride);
            T* before = step.CellBefore + ((long)n * _stride);
            T* after = step.CellAfter + ((long)n * _stride);
            T* freshCell = KeepsFreshCell || ZonesCell
                ? _freshCell + ((training && KeepsFreshCell ? kept : thread) * _stride)
                : after;
            T* active = _activeCell + (kept * _stride);
            Gate(z, kept, 0, 0, before);                                                                    // (1)
            if (!_settings.Coupled)
            {
                Gate(z, kept, ForgetGate, 1, before);
            }

            Gate(z, kept, Candidate, -1, before);
            FreshCell(z, before, freshCell);                                                                // (2)
            Gate(z, kept, OutputGate, OutputPeephole, freshCell);                                           // (3)
            new ReadOnlySpan<T>(freshCell, _stride).CopyTo(new Span<T>(active, _stride));
            ActivationLoops<T, TVec, TSimd>.Apply(_settings.Output, active, _stride);
            VectorLoops<T, TVec, TSimd>.Multiply(product + ((long)n * _stride), z + ((long)OutputGate * _stride), active, _stride);
            if (ZonesCell)
            {
                VectorLoops<T, TVec, TSimd>.Blend(after, CellShare(step, n), before, freshCell, _stride);   // (5)
            }
            else if (freshCell != after)
            {
                new ReadOnlySpan<T>(freshCell, _stride).CopyTo(new Span<T>(after, _stride));
            }
        }

        if (Projects)
        {
            Project(product, fresh, step.Count);                                                            // (4)
        }

        for (int n = 0; ZonesHidden && n < step.Count; n++)
        {
            long at = (long)n * _hiddenStride;
            VectorLoops<T, TVec, TSimd>.Blend(
                step.HiddenAfter + at, HiddenShare(step, n), step.HiddenBefore + at, fresh + at, _hiddenStride);
        }
    }

    private static T* Buffer(AlignedBuffer<T> buffer, bool needed, long length) => needed ? buffer.Get(length) : null;

    private void PrepareVectors()
    {
        int peepholes = _settings.Peepholes == null ? 0 : Gates - 1;
        int gates = Normalizes ? Gates : 0;
        T* next = _vectorBuffer.Get((long)(2 + peepholes + (2 * gates)) * _stride);
        _real = Vector(ref next, null);
        new Span<T>(_real, _pass.Units).Fill(T.One);
        _zeros = Vector(ref next, null);
        _peepholes = next;
        for (int n = 0; n < peepholes; n++)
        {
            Vector(ref next, _settings.Peepholes + ((long)n * _pass.Units));
        }

        _gain = next;
        for (int n = 0; n < gates; n++)
        {
            Vector(ref next, _settings.Gain + ((long)n * _pass.Units));
        }

        _bias = next;
        for (int n = 0; n < gates; n++)
        {
            Vector(ref next, _settings.Bias == null ? null : _settings.Bias + ((long)n * _pass.Units));
        }
    }

    private T* Vector(ref T* next, T* source)
    {
        T* vector = next;
        RecurrentMemory<T>.Copy(source, _pass.Units, vector, _stride);
        next += _stride;
        return vector;
    }

    /// <summary>What stays as it was: all or nothing of each number in training, the expected share in inference.</summary>
    private void PrepareShares(bool training, long columns)
    {
        _cellShare = Buffer(_cellShareBuffer, ZonesCell, (training ? columns : 1) * _stride);
        _hiddenShare = Buffer(_hiddenShareBuffer, ZonesHidden, (training ? columns : 1) * _hiddenStride);
        if (!training)
        {
            Fill(_cellShare, _settings.CellZoneout, _stride);
            Fill(_hiddenShare, _settings.HiddenZoneout, _hiddenStride);
            return;
        }

        RandomMask<T> cells = new(_pass.MaskSeed, MaskKind.CellZoneout, _settings.CellZoneout, T.One, T.Zero);
        RandomMask<T> hidden = new(_pass.MaskSeed, MaskKind.HiddenZoneout, _settings.HiddenZoneout, T.One, T.Zero);
        for (int column = 0; (ZonesCell || ZonesHidden) && column < columns; column++)
        {
            long place = _memory.Plan.Place(column);
            Draw(cells, place, _cellShare, column, _pass.Units, _stride);
            Draw(hidden, place, _hiddenShare, column, _pass.Outputs, _hiddenStride);
        }
    }

    private static void Fill(T* target, double value, int length)
    {
        if (target != null)
        {
            new Span<T>(target, length).Fill(T.CreateTruncating(value));
        }
    }

    private static void Draw(in RandomMask<T> mask, long place, T* target, long column, int numbers, int stride)
    {
        if (target != null)
        {
            target += column * stride;
            mask.Fill(place * numbers, target, numbers);
            new Span<T>(target + numbers, stride - numbers).Clear();
        }
    }

    private T* CellShare(in CellStep<T> step, int n) => _cellShare + (_memory.Training ? (step.Column + n) * _stride : 0);

    private T* HiddenShare(in CellStep<T> step, int n) =>
        _hiddenShare + (_memory.Training ? (step.Column + n) * _hiddenStride : 0);

    /// <summary>A gate from its z, in place.</summary>
    private void Gate(T* column, long kept, int gate, int peephole, T* cell)
    {
        T* z = column + ((long)gate * _stride);
        if (_settings.Peepholes != null && peephole >= 0)
        {
            VectorLoops<T, TVec, TSimd>.AddProduct(z, _peepholes + ((long)peephole * _stride), cell, _stride);
        }

        T* normal = _normal + (((kept * Gates) + gate) * _stride);
        if (Normalizes)
        {
            long at = (long)gate * _stride;
            T epsilon = T.CreateTruncating(_settings.Epsilon);
            T inverse = LayerNorm<T, TVec, TSimd>.Forward(z, _pass.Units, _stride, _real, _gain + at, _bias + at, epsilon, normal);
            if (_memory.Training)
            {
                _inverse[(kept * Gates) + gate] = inverse;
            }
        }
        else if (ClipsGates)
        {
            new ReadOnlySpan<T>(z, _stride).CopyTo(new Span<T>(normal, _stride));
        }

        if (ClipsGates)
        {
            VectorLoops<T, TVec, TSimd>.Clip(z, GateLimit, _stride);
        }

        ActivationLoops<T, TVec, TSimd>.Apply(gate == Candidate ? _settings.Candidate : _settings.Gate, z, _stride);
    }

    /// <summary>(2).</summary>
    private void FreshCell(T* z, T* before, T* fresh)
    {
        T* f = z + ((long)ForgetGate * _stride), g = z + ((long)Candidate * _stride);
        TVec one = TSimd.Constant(1, 1);
        for (int n = 0; n < _stride; n += TSimd.Count)
        {
            TVec i = TSimd.Load(z + n);
            TVec forget = _settings.Coupled ? TSimd.Subtract(one, i) : TSimd.Load(f + n);
            TVec ig = TSimd.Multiply(i, TSimd.Load(g + n));
            TSimd.Store(TSimd.MultiplyAdd(forget, TSimd.Load(before + n), ig), fresh + n);
        }

        if (_settings.CellClip > 0)
        {
            VectorLoops<T, TVec, TSimd>.Clip(fresh, CellLimit, _stride);
        }
    }

    /// <summary>(4) for some columns.</summary>
    private void Project(T* product, T* hidden, int columns)
    {
        if (_packed is { } packed)
        {
            Product<T, TVec, TSimd>.Padded(
                packed, 0, _pass.Units, 0, packed.Rows.Groups, product, _stride, columns, ZeroColumn(), hidden, _hiddenStride);
            return;
        }

        for (int n = 0; n < columns; n++)
        {
            T* to = hidden + ((long)n * _hiddenStride);
            new Span<T>(to, _hiddenStride).Clear();
            VectorProduct<T, TVec, TSimd>.Add(
                _settings.Projection, _pass.Outputs, _pass.Outputs, _pass.Units, product + ((long)n * _stride), to);
        }
    }

    /// <summary>Zeros, as many as h or c have.</summary>
    private T* ZeroColumn() => _zeros;
}

/// <summary>Makes the cells of an LSTM with options.</summary>
internal readonly struct LstmCellMaker<T> : ICellMaker<T, LstmCellPass<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static RecurrentCell<T, LstmCellPass<T>, TVec, TSimd> Make<TVec, TSimd>()
        where TVec : struct
        where TSimd : struct, ISimd<T, TVec> => new LstmCell<T, TVec, TSimd>();
}
