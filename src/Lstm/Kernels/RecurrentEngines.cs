using System.Numerics;
using System.Runtime.Intrinsics;

namespace Lstm.Kernels;

/// <summary>Makes cells of one kind, for any width of vectors.</summary>
internal interface ICellMaker<T, TPass>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPass : unmanaged
{
    static abstract RecurrentCell<T, TPass, TVec, TSimd> Make<TVec, TSimd>()
        where TVec : struct
        where TSimd : struct, ISimd<T, TVec>;
}

/// <summary>Makes engines for recurrent layers of a kind.</summary>
internal static class RecurrentEngines
{
    /// <summary>An engine for the widest vectors of this processor, or for at most the given number of bits.</summary>
    public static RecurrentEngine<T, TPass> Create<T, TPass, TMaker>(int bits = 512)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TPass : unmanaged
        where TMaker : ICellMaker<T, TPass>
    {
        return bits switch
        {
            >= 512 when Vector512.IsHardwareAccelerated => Make<Vector512<T>, Simd512<T>>(),
            >= 256 when Vector256.IsHardwareAccelerated => Make<Vector256<T>, Simd256<T>>(),
            >= 128 when Vector128.IsHardwareAccelerated => Make<Vector128<T>, Simd128<T>>(),
            _ => Make<T, SimdScalar<T>>(),
        };

        static RecurrentEngine<T, TPass> Make<TVec, TSimd>()
            where TVec : struct
            where TSimd : struct, ISimd<T, TVec> =>
            new RecurrentEngine<T, TPass, TVec, TSimd>(TMaker.Make<TVec, TSimd>);
    }
}
