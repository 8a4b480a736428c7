using System.Numerics;
using System.Runtime.CompilerServices;

namespace Lstm.Kernels;

/// <summary>
/// Activation functions on pieces of memory whose lengths are multiples of a vector's, and their derivatives, which all
/// follow from the function's value y alone.
/// </summary>
internal static unsafe class ActivationLoops<T, TVec, TSimd>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    private static TVec One
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TSimd.Constant(1, 1);
    }

    private interface IFunction
    {
        static abstract TVec Value(TVec x, TVec alpha, TVec beta);

        static abstract TVec Derivative(TVec y, TVec alpha, TVec beta);
    }

    /// <summary>values = f(values).</summary>
    public static void Apply(in ActivationFunction function, T* values, int length)
    {
        switch (function.Kind)
        {
            case ActivationKind.Sigmoid:
                Apply<Sigmoid>(function, values, length);
                break;
            case ActivationKind.Tanh:
                Apply<Tanh>(function, values, length);
                break;
            case ActivationKind.Relu:
                Apply<Relu>(function, values, length);
                break;
            case ActivationKind.Affine:
                Apply<Affine>(function, values, length);
                break;
            case ActivationKind.LeakyRelu:
                Apply<LeakyRelu>(function, values, length);
                break;
            case ActivationKind.ThresholdedRelu:
                Apply<ThresholdedRelu>(function, values, length);
                break;
            case ActivationKind.ScaledTanh:
                Apply<ScaledTanh>(function, values, length);
                break;
            case ActivationKind.HardSigmoid:
                Apply<HardSigmoid>(function, values, length);
                break;
            case ActivationKind.Elu:
                Apply<Elu>(function, values, length);
                break;
            case ActivationKind.Softsign:
                Apply<Softsign>(function, values, length);
                break;
            default:
                Apply<Softplus>(function, values, length);
                break;
        }
    }

    /// <summary>result = gradient ⊙ f′, for y = f(x); the result may be either.</summary>
    public static void Back(in ActivationFunction function, T* y, T* gradient, T* result, int length)
    {
        switch (function.Kind)
        {
            case ActivationKind.Sigmoid:
                Back<Sigmoid>(function, y, gradient, result, length);
                break;
            case ActivationKind.Tanh:
                Back<Tanh>(function, y, gradient, result, length);
                break;
            case ActivationKind.Relu:
                Back<Relu>(function, y, gradient, result, length);
                break;
            case ActivationKind.Affine:
                Back<Affine>(function, y, gradient, result, length);
                break;
            case ActivationKind.LeakyRelu:
                Back<LeakyRelu>(function, y, gradient, result, length);
                break;
            case ActivationKind.ThresholdedRelu:
                Back<ThresholdedRelu>(function, y, gradient, result, length);
                break;
            case ActivationKind.ScaledTanh:
                Back<ScaledTanh>(function, y, gradient, result, length);
                break;
            case ActivationKind.HardSigmoid:
                Back<HardSigmoid>(function, y, gradient, result, length);
                break;
            case ActivationKind.Elu:
                Back<Elu>(function, y, gradient, result, length);
                break;
            case ActivationKind.Softsign:
                Back<Softsign>(function, y, gradient, result, length);
                break;
            default:
                Back<Softplus>(function, y, gradient, result, length);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Apply<TFunction>(in ActivationFunction function, T* values, int length)
        where TFunction : struct, IFunction
    {
        TVec alpha = TSimd.Broadcast(T.CreateTruncating(function.Alpha));
        TVec beta = TSimd.Broadcast(T.CreateTruncating(function.Beta));
        for (int n = 0; n < length; n += TSimd.Count)
        {
            TSimd.Store(TFunction.Value(TSimd.Load(values + n), alpha, beta), values + n);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Back<TFunction>(in ActivationFunction function, T* y, T* gradient, T* result, int length)
        where TFunction : struct, IFunction
    {
        TVec alpha = TSimd.Broadcast(T.CreateTruncating(function.Alpha));
        TVec beta = TSimd.Broadcast(T.CreateTruncating(function.Beta));
        for (int n = 0; n < length; n += TSimd.Count)
        {
            TVec derivative = TFunction.Derivative(TSimd.Load(y + n), alpha, beta);
            TSimd.Store(TSimd.Multiply(TSimd.Load(gradient + n), derivative), result + n);
        }
    }

    private readonly struct Sigmoid : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Value(TVec x, TVec alpha, TVec beta) => VectorMath<T, TVec, TSimd>.Sigmoid(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Derivative(TVec y, TVec alpha, TVec beta) => TSimd.Multiply(y, TSimd.Subtract(One, y));
    }

    private readonly struct Tanh : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Value(TVec x, TVec alpha, TVec beta) => VectorMath<T, TVec, TSimd>.Tanh(x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Derivative(TVec y, TVec alpha, TVec beta) => TSimd.Subtract(One, TSimd.Multiply(y, y));
    }

    private readonly struct Relu : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Value(TVec x, TVec alpha, TVec beta) => TSimd.Max(TSimd.Zero, x);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Derivative(TVec y, TVec alpha, TVec beta) => TSimd.IfPositive(y, One, TSimd.Zero);
    }

    private readonly struct Affine : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Value(TVec x, TVec alpha, TVec beta) => TSimd.MultiplyAdd(alpha, x, beta);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Derivative(TVec y, TVec alpha, TVec beta) => alpha;
    }

    private readonly struct LeakyRelu : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Value(TVec x, TVec alpha, TVec beta) => TSimd.IfPositive(x, x, TSimd.Multiply(alpha, x));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Derivative(TVec y, TVec alpha, TVec beta) => TSimd.IfPositive(y, One, alpha);
    }

    private readonly struct ThresholdedRelu : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Value(TVec x, TVec alpha, TVec beta) => TSimd.IfPositive(TSimd.Subtract(x, alpha), x, TSimd.Zero);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Derivative(TVec y, TVec alpha, TVec beta) => TSimd.IfPositive(y, One, TSimd.Zero);
    }

    private readonly struct ScaledTanh : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Value(TVec x, TVec alpha, TVec beta) =>
            TSimd.Multiply(alpha, VectorMath<T, TVec, TSimd>.Tanh(TSimd.Multiply(beta, x)));

        // β(α − y²/α).
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Derivative(TVec y, TVec alpha, TVec beta) =>
            TSimd.Multiply(beta, TSimd.Subtract(alpha, TSimd.Divide(TSimd.Multiply(y, y), alpha)));
    }

    private readonly struct HardSigmoid : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Value(TVec x, TVec alpha, TVec beta) =>
            TSimd.Max(TSimd.Zero, TSimd.Min(One, TSimd.MultiplyAdd(alpha, x, beta)));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Derivative(TVec y, TVec alpha, TVec beta) =>
            TSimd.IfPositive(y, TSimd.IfPositive(TSimd.Subtract(One, y), alpha, TSimd.Zero), TSimd.Zero);
    }

    private readonly struct Elu : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Value(TVec x, TVec alpha, TVec beta)
        {
            // Not the exponential of a large x, which is not wanted and may be infinite.
            TVec power = VectorMath<T, TVec, TSimd>.Exp(TSimd.Min(TSimd.Zero, x));
            return TSimd.IfPositive(x, x, TSimd.Multiply(alpha, TSimd.Subtract(power, One)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Derivative(TVec y, TVec alpha, TVec beta) => TSimd.IfPositive(y, One, TSimd.Add(y, alpha));
    }

    private readonly struct Softsign : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Value(TVec x, TVec alpha, TVec beta) => TSimd.Divide(x, TSimd.Add(One, TSimd.Abs(x)));

        // 1/(1 + |x|)² = (1 − |y|)².
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Derivative(TVec y, TVec alpha, TVec beta)
        {
            TVec rest = TSimd.Subtract(One, TSimd.Abs(y));
            return TSimd.Multiply(rest, rest);
        }
    }

    private readonly struct Softplus : IFunction
    {
        // max(0, x) + ln(1 + u) with u = e^−|x|, and ln(1 + u) = 2 artanh s with s = u/(2 + u), at most 1/3.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Value(TVec x, TVec alpha, TVec beta)
        {
            TVec u = VectorMath<T, TVec, TSimd>.Exp(TSimd.Subtract(TSimd.Zero, TSimd.Abs(x)));
            TVec s = TSimd.Divide(u, TSimd.Add(TSimd.Constant(2, 2), u));
            TVec square = TSimd.Multiply(s, s);
            TVec sum = TSimd.Zero;
            for (int n = typeof(T) == typeof(float) ? 15 : 33; n > 0; n -= 2)
            {
                sum = TSimd.MultiplyAdd(sum, square, TSimd.Broadcast(T.One / T.CreateTruncating(n)));
            }

            return TSimd.Add(TSimd.Max(TSimd.Zero, x), TSimd.Multiply(TSimd.Add(s, s), sum));
        }

        // σ(x) = 1 − e⁻ʸ.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVec Derivative(TVec y, TVec alpha, TVec beta) =>
            TSimd.Subtract(One, VectorMath<T, TVec, TSimd>.Exp(TSimd.Subtract(TSimd.Zero, y)));
    }
}
