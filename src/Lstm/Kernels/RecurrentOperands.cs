using System.Numerics;
using System.Numerics.Tensors;

namespace Lstm.Kernels;

/// <summary>
/// The right operands of a recurrent pass: x and h as they are, or copies in the order of the plan, with what is dropped
/// set to zero; one copy for all gates, or one for each.
/// </summary>
internal sealed unsafe class RecurrentOperands<T, TVec, TSimd>(RecurrentMemory<T> memory)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    private readonly AlignedBuffer<T> _inputBuffer = new();
    private readonly AlignedBuffer<T> _hiddenBuffer = new();
    private readonly AlignedBuffer<T> _inputMaskBuffer = new();
    private readonly AlignedBuffer<T> _hiddenMaskBuffer = new();
    private RecurrentPass<T> _pass;
    private T* _inputs;
    private T* _hidden;
    private long _columns;
    private int _parts;

    /// <summary>
    /// 1 or, where something is dropped from x, 1/(1 − rate) or 0: for each sequence in the plan's order and each part, I
    /// numbers; null where nothing is dropped.
    /// </summary>
    public T* InputMask { get; private set; }

    /// <summary>The same for h, padded to whole vectors.</summary>
    public T* HiddenMask { get; private set; }

    /// <summary>Makes room for a pass, and draws the masks.</summary>
    public void Prepare(in RecurrentPass<T> pass, int parts, long columns)
    {
        (_pass, _columns, _parts) = (pass, columns, pass.DropoutPerGate ? parts : 1);
        bool training = memory.Training;
        bool drops = training && pass.InputDropout > 0;
        bool dropsHidden = training && pass.RecurrentDropout > 0;
        InputMask = drops ? _inputMaskBuffer.Get((long)pass.Batch * _parts * pass.Inputs) : null;
        HiddenMask = dropsHidden ? _hiddenMaskBuffer.Get((long)pass.Batch * _parts * memory.HiddenStride) : null;
        _inputs = drops || !memory.Plan.IsWhole ? _inputBuffer.Get((columns * (drops ? _parts : 1) * pass.Inputs) + Cache.Line) : null;
        _hidden = dropsHidden ? _hiddenBuffer.Get((columns * _parts * memory.HiddenStride) + Cache.Line) : null;
        Draw(InputMask, MaskKind.Input, pass.InputDropout, pass.Inputs, pass.Inputs);
        Draw(HiddenMask, MaskKind.Recurrent, pass.RecurrentDropout, pass.Outputs, memory.HiddenStride);
    }

    /// <summary>Takes the users' arrays of a backward pass: they may have moved since the forward pass.</summary>
    public void Rebind(in RecurrentPass<T> pass) => _pass = pass;

    /// <summary>x for a part, from a column on that lies at a place in memory.</summary>
    public T* Input(int part, long column, long at) => _inputs == null
        ? _pass.Input + (column * _pass.Inputs)
        : _inputs + (((InputPart(part) * _columns) + at) * _pass.Inputs);

    /// <summary>h before some columns of a step for a part; <paramref name="at"/> is their place in memory.</summary>
    public T* Hidden(int part, T* before, long at) => _hidden == null
        ? before
        : _hidden + (((HiddenPart(part) * _columns) + at) * memory.HiddenStride);

    /// <summary>What is dropped of x of a rank, for a part.</summary>
    public T* InputMaskOf(int part, int rank) => InputMask + ((((long)rank * _parts) + InputPart(part)) * _pass.Inputs);

    /// <summary>What is dropped of h of a rank, for a part.</summary>
    public T* HiddenMaskOf(int part, int rank) =>
        HiddenMask + ((((long)rank * _parts) + HiddenPart(part)) * memory.HiddenStride);

    /// <summary>Copies x of some columns of a step of the plan, if it has to be copied at all.</summary>
    public void Gather(int step, int firstRank, int count, long at)
    {
        if (_inputs == null)
        {
            return;
        }

        int inputs = _pass.Inputs;
        int first = memory.Plan.Start(step) + firstRank;
        for (int n = 0; n < count; n++)
        {
            ReadOnlySpan<T> x = new(_pass.Input + ((long)memory.Plan.Place(first + n) * inputs), inputs);
            for (int part = 0; part < (InputMask == null ? 1 : _parts); part++)
            {
                Span<T> target = new(Input(part, 0, at + n), inputs);
                if (InputMask == null)
                {
                    x.CopyTo(target);
                }
                else
                {
                    TensorPrimitives.Multiply(x, new ReadOnlySpan<T>(InputMaskOf(part, firstRank + n), inputs), target);
                }
            }
        }
    }

    /// <summary>Drops what is to be dropped of h before a step, if anything is.</summary>
    public void Drop(T* before, int firstRank, int count, long at)
    {
        if (HiddenMask == null)
        {
            return;
        }

        int stride = memory.HiddenStride;
        for (int n = 0; n < count; n++)
        {
            for (int part = 0; part < _parts; part++)
            {
                T* target = Hidden(part, null, at + n);
                VectorLoops<T, TVec, TSimd>.Multiply(target, before + ((long)n * stride), HiddenMaskOf(part, firstRank + n), stride);
            }
        }
    }

    private int InputPart(int part) => _parts > 1 && InputMask != null ? part : 0;

    private int HiddenPart(int part) => _parts > 1 && HiddenMask != null ? part : 0;

    private void Draw(T* target, MaskKind kind, double rate, int features, int stride)
    {
        if (target == null)
        {
            return;
        }

        RandomMask<T> mask = new(_pass.MaskSeed, kind, rate, T.Zero, T.CreateTruncating(1 / (1 - rate)));
        for (int rank = 0; rank < _pass.Batch; rank++)
        {
            for (int part = 0; part < _parts; part++, target += stride)
            {
                mask.Fill((((long)memory.Plan.Sequence(rank) * _parts) + part) * features, target, features);
                new Span<T>(target + features, stride - features).Clear();
            }
        }
    }
}
