using System.Numerics;
using System.Runtime.Intrinsics;
using Lstm.Kernels;

namespace Lstm.Tests.Kernels;

/// <summary>Runs a function of VectorMath over an array at a given width.</summary>
internal static unsafe class VectorFunctions
{
    /// <summary>Elements of the widest vector; arrays are run in whole vectors.</summary>
    private const int Widest = 16;

    public static bool IsAccelerated(VectorWidth width) => width switch
    {
        VectorWidth.Bits128 => Vector128.IsHardwareAccelerated,
        VectorWidth.Bits256 => Vector256.IsHardwareAccelerated,
        VectorWidth.Bits512 => Vector512.IsHardwareAccelerated,
        _ => true,
    };

    public static T[] Run<T>(VectorFunction function, VectorWidth width, params T[] x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var y = new T[(x.Length + Widest - 1) / Widest * Widest];
        x.CopyTo(y, 0);
        fixed (T* values = y)
        {
            switch (width)
            {
                case VectorWidth.Bits128:
                    Run<T, Vector128<T>, Simd128<T>>(function, values, y.Length);
                    break;
                case VectorWidth.Bits256:
                    Run<T, Vector256<T>, Simd256<T>>(function, values, y.Length);
                    break;
                case VectorWidth.Bits512:
                    Run<T, Vector512<T>, Simd512<T>>(function, values, y.Length);
                    break;
                default:
                    Run<T, T, SimdScalar<T>>(function, values, y.Length);
                    break;
            }
        }

        return y[..x.Length];
    }

    private static void Run<T, TVec, TSimd>(VectorFunction function, T* values, int count)
        where T : unmanaged
        where TVec : struct
        where TSimd : struct, ISimd<T, TVec>
    {
        for (T* at = values; at < values + count; at += TSimd.Count)
        {
            TVec x = TSimd.Load(at);
            TVec y = function switch
            {
                VectorFunction.Exp => VectorMath<T, TVec, TSimd>.Exp(x),
                VectorFunction.Sigmoid => VectorMath<T, TVec, TSimd>.Sigmoid(x),
                _ => VectorMath<T, TVec, TSimd>.Tanh(x),
            };
            TSimd.Store(y, at);
        }
    }
}
