using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Lstm.Kernels;

/// <summary>Softmax of one row of logits, with the widest vectors of this processor; see <see cref="SoftmaxRow{T,TVec,TSimd}"/>.</summary>
internal static unsafe class SoftmaxRow
{
    /// <summary>Writes exp(xₖ − maximum) and returns the sum of all. The exponentials may be the logits themselves.</summary>
    public static double Exponentials<T>(ReadOnlySpan<T> logits, T maximum, Span<T> exponentials)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        fixed (T* x = logits, e = exponentials)
        {
            return Run(x, logits.Length, maximum, e, 1);
        }
    }

    /// <summary>Returns Σ exp(xₖ − maximum).</summary>
    public static double Sum<T>(ReadOnlySpan<T> logits, T maximum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T* scratch = stackalloc T[Vector512<T>.Count];
        fixed (T* x = logits)
        {
            return Run(x, logits.Length, maximum, scratch, 0);
        }
    }

    private static double Run<T>(T* x, int count, T maximum, T* e, nint stride)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            return SoftmaxRow<T, Vector512<T>, Simd512<T>>.Run(x, count, maximum, e, stride);
        }

        if (Vector256.IsHardwareAccelerated)
        {
            return SoftmaxRow<T, Vector256<T>, Simd256<T>>.Run(x, count, maximum, e, stride);
        }

        return Vector128.IsHardwareAccelerated
            ? SoftmaxRow<T, Vector128<T>, Simd128<T>>.Run(x, count, maximum, e, stride)
            : SoftmaxRow<T, T, SimdScalar<T>>.Run(x, count, maximum, e, stride);
    }
}

/// <summary>The exponentials of one row of logits and their sum, in one pass over them.</summary>
internal static unsafe class SoftmaxRow<T, TVec, TSimd>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    /// <summary>Vectors that are summed in T before the sum goes on in double: few enough to lose next to nothing.</summary>
    private const int Block = 8;

    /// <summary>Writes exp(xₖ − maximum) to e and returns their sum.</summary>
    /// <param name="x">The logits.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="maximum">The largest of them.</param>
    /// <param name="e">The exponentials; x itself, or apart from it.</param>
    /// <param name="stride">1; or 0 to use e, a vector long, as scratch memory.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Run(T* x, int count, T maximum, T* e, nint stride)
    {
        TVec m = TSimd.Broadcast(maximum);
        T* lanes = stackalloc T[TSimd.Count];
        double total = 0;
        int whole = count - (count % TSimd.Count);
        int n = 0;
        while (n < whole)
        {
            TVec sum = TSimd.Zero;
            for (int end = Math.Min(n + (Block * TSimd.Count), whole); n < end; n += TSimd.Count)
            {
                TVec power = VectorMath<T, TVec, TSimd>.Exp(TSimd.Subtract(TSimd.Load(x + n), m));
                TSimd.Store(power, e + (n * stride));
                sum = TSimd.Add(sum, power);
            }

            TSimd.Store(sum, lanes);
            total += Total(lanes, TSimd.Count);
        }

        // Less than a vector is left: it takes the same arithmetic.
        int left = count - whole;
        if (left > 0)
        {
            new Span<T>(lanes, TSimd.Count).Fill(maximum);
            new ReadOnlySpan<T>(x + whole, left).CopyTo(new Span<T>(lanes, left));
            TSimd.Store(VectorMath<T, TVec, TSimd>.Exp(TSimd.Subtract(TSimd.Load(lanes), m)), lanes);
            total += Total(lanes, left);
            new ReadOnlySpan<T>(lanes, left).CopyTo(new Span<T>(e + (whole * stride), left));
        }

        return total;
    }

    private static double Total(T* values, int count)
    {
        double sum = 0;
        for (int n = 0; n < count; n++)
        {
            sum += double.CreateTruncating(values[n]);
        }

        return sum;
    }
}
