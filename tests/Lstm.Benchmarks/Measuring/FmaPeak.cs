using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Lstm.Kernels;

namespace Lstm.Benchmarks.Measuring;

/// <summary>
/// The most floating-point operations a second that one core can do: multiplications fused with additions that need
/// nothing but registers, on the vectors that the library uses.
/// </summary>
internal static class FmaPeak
{
    /// <summary>
    /// Sums that do not wait for each other: more than the latency of a multiplication and addition times those that
    /// start in a cycle, and with the factor just the sixteen registers of AVX2.
    /// </summary>
    private const int Chains = 15;
    private const int Rounds = 20_000;

    private static readonly Effort Effort = new(0.1, 5);

    /// <summary>The bits of the vectors that the library uses; 0 if the processor has none.</summary>
    public static int VectorBits =>
        Vector512.IsHardwareAccelerated ? 512 :
        Vector256.IsHardwareAccelerated ? 256 :
        Vector128.IsHardwareAccelerated ? 128 : 0;

    /// <summary>10⁹ operations a second of one core; a fused multiplication and addition are two.</summary>
    public static double Gigaflops(Type element) => element == typeof(float) ? Gigaflops<float>() : Gigaflops<double>();

    private static double Gigaflops<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => VectorBits switch
        {
            512 => Gigaflops<T, Vector512<T>, Simd512<T>>(),
            256 => Gigaflops<T, Vector256<T>, Simd256<T>>(),
            128 => Gigaflops<T, Vector128<T>, Simd128<T>>(),
            _ => Gigaflops<T, T, SimdScalar<T>>(),
        };

    private static double Gigaflops<T, TVec, TSimd>()
        where T : unmanaged
        where TVec : struct
        where TSimd : ISimd<T, TVec>
    {
        double seconds = Effort.Measure(() => AddProducts<T, TVec, TSimd>()).Seconds;
        return 2.0 * Chains * TSimd.Count * Rounds / seconds * 1e-9;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static TVec AddProducts<T, TVec, TSimd>()
        where T : unmanaged
        where TVec : struct
        where TSimd : ISimd<T, TVec>
    {
        TVec a = TSimd.Constant(1e-3f, 1e-3);
        TVec c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a;
        TVec c8 = a, c9 = a, c10 = a, c11 = a, c12 = a, c13 = a, c14 = a;
        for (int n = 0; n < Rounds; n++)
        {
            c0 = TSimd.MultiplyAdd(a, a, c0);
            c1 = TSimd.MultiplyAdd(a, a, c1);
            c2 = TSimd.MultiplyAdd(a, a, c2);
            c3 = TSimd.MultiplyAdd(a, a, c3);
            c4 = TSimd.MultiplyAdd(a, a, c4);
            c5 = TSimd.MultiplyAdd(a, a, c5);
            c6 = TSimd.MultiplyAdd(a, a, c6);
            c7 = TSimd.MultiplyAdd(a, a, c7);
            c8 = TSimd.MultiplyAdd(a, a, c8);
            c9 = TSimd.MultiplyAdd(a, a, c9);
            c10 = TSimd.MultiplyAdd(a, a, c10);
            c11 = TSimd.MultiplyAdd(a, a, c11);
            c12 = TSimd.MultiplyAdd(a, a, c12);
            c13 = TSimd.MultiplyAdd(a, a, c13);
            c14 = TSimd.MultiplyAdd(a, a, c14);
        }

        // All of them are needed, or the compiler would leave them out.
        TVec sum = TSimd.Add(TSimd.Add(c0, c1), TSimd.Add(c2, c3));
        sum = TSimd.Add(sum, TSimd.Add(TSimd.Add(c4, c5), TSimd.Add(c6, c7)));
        sum = TSimd.Add(sum, TSimd.Add(TSimd.Add(c8, c9), TSimd.Add(c10, c11)));
        return TSimd.Add(sum, TSimd.Add(TSimd.Add(c12, c13), c14));
    }
}
