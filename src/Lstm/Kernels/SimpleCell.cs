using System.Numerics;

namespace Lstm.Kernels;

/// <summary>What cells without a state c have in common.</summary>
internal abstract unsafe class SimpleCell<T, TVec, TSimd> : RecurrentCell<T, SimpleCellPass<T>, TVec, TSimd>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    public sealed override T* Bias => Settings.Bias;

    public sealed override T* BiasGradient => Settings.BiasGradient;

    protected SimpleCellPass<T> Settings { get; private set; }

    protected RecurrentPass<T> Pass { get; private set; }

    protected RecurrentMemory<T> Memory { get; private set; } = null!;

    /// <summary>From one gate to the next, and from one column of h to the next: H, rounded up to whole vectors.</summary>
    protected int Stride { get; private set; }

    public sealed override void Configure(in RecurrentPass<T> pass, in SimpleCellPass<T> settings) =>
        (Pass, Settings) = (pass, settings);

    public override void Prepare(
        in RecurrentPass<T> pass, RecurrentMemory<T> memory, PackedMatrix<T, TVec, TSimd>? packed, int threads) =>
        (Memory, Stride) = (memory, memory.HiddenStride);

    public override void PrepareBackward(int threads)
    {
    }
}
