using System.Numerics;

namespace Lstm.Kernels;

/// <summary>The packed weights of a recurrent layer.</summary>
internal sealed class RecurrentWeights<T, TVec, TSimd>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    /// <summary>[W U] of each part of z, or what there is of them.</summary>
    public List<PackedMatrix<T, TVec, TSimd>> Parts { get; } = [];

    /// <summary>The cell's own.</summary>
    public PackedMatrix<T, TVec, TSimd> Cell { get; } = new();
}
