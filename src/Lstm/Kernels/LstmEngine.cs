using System.Numerics;
using System.Runtime.Intrinsics;

namespace Lstm.Kernels;

/// <summary>
/// The arithmetic of an LSTM with the memory it needs, for one call at a time. It is made for the widest vectors that
/// the processor has, from one source for all widths.
/// </summary>
internal abstract class LstmEngine<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>An engine for the widest vectors of this processor, or for at most the given number of bits.</summary>
    public static LstmEngine<T> Create(int bits = 512)
    {
        return bits switch
        {
            >= 512 when Vector512.IsHardwareAccelerated => new LstmEngine<T, Vector512<T>, Simd512<T>>(),
            >= 256 when Vector256.IsHardwareAccelerated => new LstmEngine<T, Vector256<T>, Simd256<T>>(),
            >= 128 when Vector128.IsHardwareAccelerated => new LstmEngine<T, Vector128<T>, Simd128<T>>(),
            _ => new LstmEngine<T, T, SimdScalar<T>>(),
        };
    }

    /// <summary>An engine for calls at the same time, which shares with this one what inference keeps of the weights.</summary>
    public abstract LstmEngine<T> Sibling();

    public abstract void Forward(in LstmPass<T> pass, bool training, int threads);

    /// <summary>Backward after <see cref="Forward"/> in training with the same pass.</summary>
    public abstract void Backward(in LstmPass<T> pass, in LstmGradients<T> gradients, int threads);
}

/// <inheritdoc cref="LstmEngine{T}"/>
internal sealed class LstmEngine<T, TVec, TSimd> : LstmEngine<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    private readonly LstmForward<T, TVec, TSimd> _forward;
    private readonly LstmBackward<T, TVec, TSimd> _backward;
    private readonly LstmStep<T, TVec, TSimd> _step = new();
    private readonly PackedShare<PackedMatrix<T, TVec, TSimd>> _share;

    public LstmEngine()
        : this(new PackedShare<PackedMatrix<T, TVec, TSimd>>())
    {
    }

    private LstmEngine(PackedShare<PackedMatrix<T, TVec, TSimd>> share)
    {
        _share = share;
        var memory = new LstmMemory<T>();
        _forward = new LstmForward<T, TVec, TSimd>(memory, share);
        _backward = new LstmBackward<T, TVec, TSimd>(memory);
    }

    public override LstmEngine<T> Sibling() => new LstmEngine<T, TVec, TSimd>(_share);

    public override void Forward(in LstmPass<T> pass, bool training, int threads)
    {
        bool isStep = !training && pass.Columns <= VectorProduct<T, TVec, TSimd>.MaxColumns;
        if (isStep && !_share.PaysForStep(pass.WeightsVersion))
        {
            _step.Run(pass);
        }
        else
        {
            _forward.Run(pass, training, isStep ? 1 : threads);
        }
    }

    public override void Backward(in LstmPass<T> pass, in LstmGradients<T> gradients, int threads) =>
        _backward.Run(pass, gradients, threads);
}
