using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Lstm.Kernels;

/// <summary>eˣ, the logistic sigmoid and tanh of a vector: the gates' functions, and softmax's.</summary>
/// <remarks>
/// <para>All three rest on <c>x = n·ln 2 + r</c> and</para>
/// <para><c>eˣ = 2ⁿ·(c + r)/(c − r)</c> with <c>c = r·coth(r/2)</c>   (1)</para>
/// <para>c is even in r and close to 2, and the quotient hardly depends on it: a short polynomial in r² gives it. The
/// division is the one that sigmoid and tanh have anyway.</para>
/// <para>Right for every argument: the infinities give the limits, and NaN stays NaN. All results are within 2 units in the
/// last place of float or double, but for those that <see cref="Sigmoid"/> takes for 0. The largest errors found, of
/// every float and of millions of doubles, are 1.43 for Exp, 1.86 for Sigmoid and 1.89 for Tanh; where the processor
/// cannot fuse a multiplication and an addition, 1.43, 1.95 and 1.9.</para>
/// </remarks>
internal static class VectorMath<T, TVec, TSimd>
    where T : unmanaged
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    private const double Log2E = 1.4426950408889634;
    private const double HalfLn2 = 0.34657359027997264;

    /// <summary>
    /// Adding it rounds to an integer, 1.5·2ᵐ being large enough, and biases that integer for
    /// <see cref="ISimd{T,TVec}.PowerOfTwo"/>.
    /// </summary>
    private const float SingleBias = 12582912f + 127f;
    private const double DoubleBias = 6755399441055744d + 1023d;

    /// <summary>
    /// A factor of c + r and c − r, which cancels. It keeps both between 1 and 2, where c ≈ 2 alone would have them on both
    /// sides of 2, with the coarser rounding above; and it has so few bits that multiples of r lose next to nothing.
    /// </summary>
    private const double SigmoidScale = 13d / 16;

    private static TVec Bias
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TSimd.Constant(SingleBias, DoubleBias);
    }

    /// <summary>eˣ. Subnormal results are rounded like others; overflow gives ∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Exp(TVec x)
    {
        // The bounds are where 0 and ∞ begin. 2ⁿ itself may be neither finite nor normal, so it is applied in two halves.
        TVec clamped = TSimd.Max(TSimd.Constant(-104f, -746d), TSimd.Min(TSimd.Constant(89f, 710d), x));
        TVec biased = Reduce(clamped, out TVec n, out TVec r);
        TVec c = Coth(TSimd.Multiply(r, r), 2, 0.25);
        TVec less1 = TSimd.Divide(TSimd.Add(r, r), TSimd.Subtract(c, r));
        TVec biasedHalf = TSimd.MultiplyAdd(n, TSimd.Constant(0.5f, 0.5), Bias);
        TVec biasedRest = TSimd.Subtract(biased, TSimd.Subtract(biasedHalf, Bias));
        TVec half = TSimd.PowerOfTwo(biasedHalf);
        return TSimd.Multiply(TSimd.MultiplyAdd(half, less1, half), TSimd.PowerOfTwo(biasedRest));
    }

    /// <summary>
    /// 1/(1 + e⁻ˣ) = p/(p + c − r) with p = 2ⁿ·(c + r). The small values for very negative x are as exact as others; what
    /// would be below 0.71 times the least normal number is 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Sigmoid(TVec x)
    {
        // At the lower bound 2ⁿ has become 0; at the upper one p + c − r rounds to p.
        TVec clamped = TSimd.Max(TSimd.Constant(-88.3f, -709.4), TSimd.Min(TSimd.Constant(40f, 40d), x));
        TVec power = TSimd.PowerOfTwo(Reduce(clamped, out _, out TVec r));
        TVec c = Coth(TSimd.Multiply(r, r), 2 * SigmoidScale, 0.25);
        TVec sum = TSimd.MultiplyAdd(r, TSimd.Constant((float)SigmoidScale, SigmoidScale), c);

        // c − r taken from the rounded c + r: that rounding then counts as one of c.
        TVec difference = TSimd.MultiplyAdd(
            r, TSimd.Constant((float)(-2 * SigmoidScale), -2 * SigmoidScale), sum);
        return TSimd.Divide(TSimd.Multiply(power, sum), TSimd.MultiplyAdd(power, sum, difference));
    }

    /// <summary>
    /// tanh x, from (1) for 2x: with <c>c = r·coth r</c> and <c>s = (2ⁿ − 1)/2</c> it is
    /// <c>(s·(c + r) + r)/(s·(c + r) + c)</c>, r/c near 0, where n = 0. −0 and subnormal arguments are their own results.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVec Tanh(TVec x)
    {
        // Beyond the bound the quotient rounds to 1. n is rounded down from a quarter more, which keeps r above −0.087: a
        // more negative r would cancel in the numerator for n = 1.
        TVec magnitude = TSimd.Min(TSimd.Constant(10f, 20d), TSimd.Abs(x));
        TVec n = TSimd.Floor(TSimd.MultiplyAdd(
            magnitude, TSimd.Constant((float)(2 * Log2E), 2 * Log2E), TSimd.Constant(0.25f, 0.25)));
        TVec r = TSimd.MultiplyAdd(n, TSimd.Constant((float)-HalfLn2, -HalfLn2), magnitude);
        TVec c = Coth(TSimd.Multiply(r, r), 1, 1);
        TVec halfPower = TSimd.PowerOfTwo(TSimd.Add(n, TSimd.Constant(SingleBias - 1, DoubleBias - 1)));
        TVec s = TSimd.Subtract(halfPower, TSimd.Constant(0.5f, 0.5));
        TVec numerator = TSimd.MultiplyAdd(s, TSimd.Add(c, r), r);

        // From the numerator on, so that its rounding cancels where the quotient is near 1.
        TVec denominator = TSimd.Add(numerator, TSimd.Subtract(c, r));
        return TSimd.CopySign(TSimd.Divide(numerator, denominator), x);
    }

    /// <summary>x = n·ln 2 + r; returns the biased n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec Reduce(TVec x, out TVec n, out TVec r)
    {
        TVec biased = TSimd.MultiplyAdd(x, TSimd.Constant((float)Log2E, Log2E), Bias);
        n = TSimd.Subtract(biased, Bias);

        // ln 2 in two parts, the first with so few bits that its product with n is exact, fused or not.
        r = TSimd.MultiplyAdd(n, TSimd.Constant(-0.693145751953125f, -0.6931471803691238), x);
        r = TSimd.MultiplyAdd(n, TSimd.Constant(-1.42860682e-6f, -1.9082149292705877e-10), r);
        return biased;
    }

    /// <summary>
    /// scale·√y·coth √y for y = unit·square: <c>1 + y/3 − y²/45 + …</c>, the coefficients changed for the least relative
    /// error up to √y = 0.26 (by E. Remez's exchange), which is 2.5e-8 for float and 1.8e-19 for double.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVec Coth(TVec square, [ConstantExpected] double scale, [ConstantExpected] double unit)
    {
        double first = scale * unit;
        double second = first * unit;
        TVec sum;
        if (typeof(T) == typeof(float))
        {
            sum = TSimd.Constant((float)(-0.02202490512681891 * second), 0);
        }
        else
        {
            double third = second * unit;
            double fourth = third * unit;
            double fifth = fourth * unit;
            sum = TSimd.Constant(0, -2.113967115835865e-06 * fifth * unit);
            sum = TSimd.MultiplyAdd(sum, square, TSimd.Constant(0, 2.1373219603238795e-05 * fifth));
            sum = TSimd.MultiplyAdd(sum, square, TSimd.Constant(0, -0.00021164000664952736 * fourth));
            sum = TSimd.MultiplyAdd(sum, square, TSimd.Constant(0, 0.0021164021117600178 * third));
            sum = TSimd.MultiplyAdd(sum, square, TSimd.Constant(0, -0.02222222222217389 * second));
        }

        sum = TSimd.MultiplyAdd(
            sum, square, TSimd.Constant((float)(0.3333292300898844 * first), 0.33333333333333315 * first));
        return TSimd.MultiplyAdd(sum, square, TSimd.Constant((float)scale, scale));
    }
}
