using System.Runtime.CompilerServices;

namespace Lstm.Kernels;

/// <summary>The functions of the gates, on a vector of any width.</summary>
internal static class VectorMath<T, TVec, TSimd>
    where T : unmanaged
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    private const double Log2E = 1.4426950408889634;

    private const double SigmoidScale = 13d / 16;

    /// <summary>eˣ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Exp(TVec x)
    {
        TVec clamped = TSimd.Max(TSimd.Constant(-104f, -746d), TSimd.Min(TSimd.Constant(89f, 710d), x));
        TVec biased = Exponent(clamped, out TVec n, out TVec r);
        TVec c = Coth(TSimd.Multiply(r, r), 2, 0.25);
        TVec q = TSimd.Divide(TSimd.Add(r, r), TSimd.Subtract(c, r));
        TVec half = TSimd.MultiplyAdd(n, TSimd.Constant(0.5f, 0.5), Bias);
        TVec rest = TSimd.Subtract(biased, TSimd.Subtract(half, Bias));
        TVec scale = TSimd.PowerOfTwo(half);
        return TSimd.Multiply(TSimd.MultiplyAdd(scale, q, scale), TSimd.PowerOfTwo(rest));
    }

    /// <summary>1/(1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Sigmoid(TVec x)
    {
        TVec clamped = TSimd.Max(TSimd.Constant(-88.3f, -709.4), TSimd.Min(TSimd.Constant(40f, 40d), x));
        TVec scale = TSimd.PowerOfTwo(Exponent(clamped, out _, out TVec r));
        TVec c = Coth(TSimd.Multiply(r, r), 2 * SigmoidScale, 0.25);
        TVec a = TSimd.MultiplyAdd(r, TSimd.Constant((float)SigmoidScale, SigmoidScale), c);
        TVec b = TSimd.MultiplyAdd(r, TSimd.Constant((float)(-2 * SigmoidScale), -2 * SigmoidScale), a);
        return TSimd.Divide(TSimd.Multiply(scale, a), TSimd.MultiplyAdd(scale, a, b));
    }

    /// <summary>tanh x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Tanh(TVec x)
    {
        TVec u = TSimd.Min(TSimd.Constant(10f, 20d), TSimd.Abs(x));
        TVec n = TSimd.Floor(
            TSimd.MultiplyAdd(u, TSimd.Constant((float)(2 * Log2E), 2 * Log2E), TSimd.Constant(0.25f, 0.25)));
        TVec r = TSimd.MultiplyAdd(n, TSimd.Constant(-0.34657359027997264f, -0.34657359027997264), u);
        TVec c = Coth(TSimd.Multiply(r, r), 1, 1);
        TVec half = TSimd.Constant(0.5f, 0.5);
        TVec s = TSimd.Subtract(TSimd.PowerOfTwo(TSimd.Add(n, TSimd.Constant(12582912f + 126f, 6755399441055744d + 1022d))), half);
        TVec numerator = TSimd.MultiplyAdd(s, TSimd.Add(c, r), r);
        TVec denominator = TSimd.Add(numerator, TSimd.Subtract(c, r));
        return TSimd.CopySign(TSimd.Divide(numerator, denominator), x);
    }

    private static TVec Bias
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TSimd.Constant(12582912f + 127f, 6755399441055744d + 1023d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec Exponent(TVec x, out TVec n, out TVec r)
    {
        TVec biased = TSimd.MultiplyAdd(x, TSimd.Constant((float)Log2E, Log2E), Bias);
        n = TSimd.Subtract(biased, Bias);
        r = TSimd.MultiplyAdd(n, TSimd.Constant(-0.693145751953125f, -0.6931471803691238), x);
        r = TSimd.MultiplyAdd(n, TSimd.Constant(-1.4286068203094173e-06f, -1.9082149292705877e-10), r);
        return biased;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec Coth(TVec square, double scale, double unit)
    {
        double unit2 = unit * unit;
        TVec sum = TSimd.Constant((float)(-0.02202490494204345 * scale * unit2), 2.0952379591501663e-05 * scale * unit * unit2 * unit2);
        if (typeof(T) == typeof(double))
        {
            sum = TSimd.MultiplyAdd(sum, square, TSimd.Constant(0, -0.000211608847408417 * scale * unit2 * unit2));
            sum = TSimd.MultiplyAdd(sum, square, TSimd.Constant(0, 0.0021164010648440667 * scale * unit * unit2));
            sum = TSimd.MultiplyAdd(sum, square, TSimd.Constant(0, -0.022222222206830115 * scale * unit2));
        }

        sum = TSimd.MultiplyAdd(sum, square, TSimd.Constant((float)(0.33332923008229176 * scale * unit), 0.3333333333332602 * scale * unit));
        return TSimd.MultiplyAdd(sum, square, TSimd.Constant((float)scale, scale));
    }
}
