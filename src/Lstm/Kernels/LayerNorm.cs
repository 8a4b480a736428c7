using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lstm.Kernels;

/// <summary>
/// Layer normalisation of one gate of one sequence (Ba, Kiros and Hinton 2016): <c>γ ⊙ x̂ + b</c> with
/// <c>x̂ = (x − mean)/√(variance + ε)</c> over the units. Padding of x is zero, and stays so.
/// </summary>
internal static unsafe class LayerNorm<T, TVec, TSimd>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    /// <summary>Forward.</summary>
    /// <param name="x">x; overwritten with the result.</param>
    /// <param name="units">The units.</param>
    /// <param name="length">The units and the padding.</param>
    /// <param name="real">1 for each unit, 0 for padding.</param>
    /// <param name="gain">γ.</param>
    /// <param name="bias">b.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="normal">Where x̂ goes.</param>
    /// <returns>1/√(variance + ε).</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Forward(T* x, int units, int length, T* real, T* gain, T* bias, T epsilon, T* normal)
    {
        TVec sum = TSimd.Zero;
        for (int n = 0; n < length; n += TSimd.Count)
        {
            sum = TSimd.Add(sum, TSimd.Load(x + n));
        }

        T count = T.CreateTruncating(units);
        TVec mean = TSimd.Broadcast(Sum(sum) / count);
        sum = TSimd.Zero;
        for (int n = 0; n < length; n += TSimd.Count)
        {
            TVec centred = TSimd.Multiply(TSimd.Load(real + n), TSimd.Subtract(TSimd.Load(x + n), mean));
            sum = TSimd.MultiplyAdd(centred, centred, sum);
            TSimd.Store(centred, normal + n);
        }

        T inverse = T.One / T.Sqrt((Sum(sum) / count) + epsilon);
        TVec scale = TSimd.Broadcast(inverse);
        for (int n = 0; n < length; n += TSimd.Count)
        {
            TVec value = TSimd.Multiply(scale, TSimd.Load(normal + n));
            TSimd.Store(value, normal + n);
            TSimd.Store(TSimd.MultiplyAdd(TSimd.Load(gain + n), value, TSimd.Load(bias + n)), x + n);
        }

        return inverse;
    }

    /// <summary>Backward: from the gradient of the result to that of x, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(T* gradient, int units, int length, T* real, T* gain, T* normal, T inverse)
    {
        TVec sum = TSimd.Zero, product = TSimd.Zero;
        for (int n = 0; n < length; n += TSimd.Count)
        {
            TVec scaled = TSimd.Multiply(TSimd.Load(gain + n), TSimd.Load(gradient + n));
            sum = TSimd.Add(sum, scaled);
            product = TSimd.MultiplyAdd(scaled, TSimd.Load(normal + n), product);
        }

        T count = T.CreateTruncating(units);
        TVec mean = TSimd.Broadcast(Sum(sum) / count);
        TVec slope = TSimd.Broadcast(Sum(product) / count);
        TVec scale = TSimd.Broadcast(inverse);
        for (int n = 0; n < length; n += TSimd.Count)
        {
            TVec scaled = TSimd.Multiply(TSimd.Load(gain + n), TSimd.Load(gradient + n));
            TVec rest = TSimd.Subtract(TSimd.Subtract(scaled, mean), TSimd.Multiply(slope, TSimd.Load(normal + n)));
            TSimd.Store(TSimd.Multiply(TSimd.Multiply(scale, TSimd.Load(real + n)), rest), gradient + n);
        }
    }

    private static T Sum(TVec vector)
    {
        T* elements = stackalloc T[TSimd.Count];
        TSimd.Store(vector, elements);
        T sum = T.Zero;
        for (int n = 0; n < TSimd.Count; n++)
        {
            sum += elements[n];
        }

        return sum;
    }
}
