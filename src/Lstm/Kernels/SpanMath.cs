using System.Numerics;
using System.Runtime.Intrinsics;

namespace Lstm.Kernels;

/// <summary>The functions of <see cref="VectorMath{T,TVec,TSimd}"/> element by element, at the widest vectors at hand.</summary>
internal static unsafe class SpanMath
{
    /// <summary>A function of a vector, of any width.</summary>
    private interface IFunction
    {
        static abstract TVec Of<T, TVec, TSimd>(TVec x)
            where T : unmanaged
            where TVec : struct
            where TSimd : struct, ISimd<T, TVec>;
    }

    /// <summary>y = eˣ.</summary>
    /// <param name="x">The arguments.</param>
    /// <param name="y">As many results; x itself, or apart from it in memory.</param>
    public static void Exp<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<T, ExpFunction>(x, y);

    /// <summary>y = 1/(1 + e⁻ˣ).</summary>
    /// <inheritdoc cref="Exp"/>
    public static void Sigmoid<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<T, SigmoidFunction>(x, y);

    /// <summary>y = tanh x.</summary>
    /// <inheritdoc cref="Exp"/>
    public static void Tanh<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<T, TanhFunction>(x, y);

    private static void Map<T, TFunction>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : struct, IFunction
    {
        fixed (T* source = x, destination = y[..x.Length])
        {
            if (Vector512.IsHardwareAccelerated)
            {
                Map<T, Vector512<T>, Simd512<T>, TFunction>(source, destination, x.Length);
            }
            else if (Vector256.IsHardwareAccelerated)
            {
                Map<T, Vector256<T>, Simd256<T>, TFunction>(source, destination, x.Length);
            }
            else if (Vector128.IsHardwareAccelerated)
            {
                Map<T, Vector128<T>, Simd128<T>, TFunction>(source, destination, x.Length);
            }
            else
            {
                Map<T, T, SimdScalar<T>, TFunction>(source, destination, x.Length);
            }
        }
    }

    private static void Map<T, TVec, TSimd, TFunction>(T* x, T* y, int count)
        where T : unmanaged
        where TVec : struct
        where TSimd : struct, ISimd<T, TVec>
        where TFunction : struct, IFunction
    {
        int n = 0;
        for (; n <= count - TSimd.Count; n += TSimd.Count)
        {
            TSimd.Store(TFunction.Of<T, TVec, TSimd>(TSimd.Load(x + n)), y + n);
        }

        if (n < count)
        {
            int rest = count - n;
            T* padded = stackalloc T[TSimd.Count];
            new ReadOnlySpan<T>(x + n, rest).CopyTo(new Span<T>(padded, rest));
            TSimd.Store(TFunction.Of<T, TVec, TSimd>(TSimd.Load(padded)), padded);
            new ReadOnlySpan<T>(padded, rest).CopyTo(new Span<T>(y + n, rest));
        }
    }

    private readonly struct ExpFunction : IFunction
    {
        public static TVec Of<T, TVec, TSimd>(TVec x)
            where T : unmanaged
            where TVec : struct
            where TSimd : struct, ISimd<T, TVec> => VectorMath<T, TVec, TSimd>.Exp(x);
    }

    private readonly struct SigmoidFunction : IFunction
    {
        public static TVec Of<T, TVec, TSimd>(TVec x)
            where T : unmanaged
            where TVec : struct
            where TSimd : struct, ISimd<T, TVec> => VectorMath<T, TVec, TSimd>.Sigmoid(x);
    }

    private readonly struct TanhFunction : IFunction
    {
        public static TVec Of<T, TVec, TSimd>(TVec x)
            where T : unmanaged
            where TVec : struct
            where TSimd : struct, ISimd<T, TVec> => VectorMath<T, TVec, TSimd>.Tanh(x);
    }
}
