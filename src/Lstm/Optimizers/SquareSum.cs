using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Lstm.Optimizers;

/// <summary>Sums of squares in double, of some numbers at a time.</summary>
internal static class SquareSum
{
    /// <summary>Σ g².</summary>
    public static double Of<T>(ReadOnlySpan<T> gradients)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => typeof(T) == typeof(float)
            ? OfSingle(MemoryMarshal.Cast<T, float>(gradients))
            : TensorPrimitives.SumOfSquares(MemoryMarshal.Cast<T, double>(gradients));

    /// <summary>Widens vectors in registers; four sums, so that none has to wait for the addition before it.</summary>
    private static double OfSingle(ReadOnlySpan<float> gradients)
    {
        ReadOnlySpan<Vector<float>> vectors = MemoryMarshal.Cast<float, Vector<float>>(gradients);
        (Vector<double> a, Vector<double> b, Vector<double> c, Vector<double> d) = (default, default, default, default);
        int pairs = vectors.Length & ~1;
        for (int n = 0; n < pairs; n += 2)
        {
            Vector.Widen(vectors[n], out Vector<double> low, out Vector<double> high);
            a += low * low;
            b += high * high;
            Vector.Widen(vectors[n + 1], out low, out high);
            c += low * low;
            d += high * high;
        }

        double sum = Vector.Sum(a + b + (c + d));
        foreach (float gradient in gradients.Slice(pairs * Vector<float>.Count))
        {
            sum += (double)gradient * gradient;
        }

        return sum;
    }
}
