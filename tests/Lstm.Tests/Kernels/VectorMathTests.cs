using System.Numerics;

namespace Lstm.Tests.Kernels;

public sealed class VectorMathTests
{
    /// <summary>The documented error in units in the last place, fused or not.</summary>
    private const double LargestError = 2;

    /// <summary>
    /// Steps through the bit patterns of the floats: primes, so that every exponent occurs with all kinds of low bits. A
    /// width that runs as software is a hundred times slower.
    /// </summary>
    private const int Stride = 997;
    private const int SoftwareStride = 199_999;

    /// <summary>Neighbours to each side of a float at which a formula, a step of a reduction or a clamp begins.</summary>
    private const int Neighbours = 200;

    private const float LeastNormal = 1.17549435e-38f;
    private const double LeastSubnormal = float.Epsilon;

    public static TheoryData<VectorFunction, VectorWidth> Everything
    {
        get
        {
            var data = new TheoryData<VectorFunction, VectorWidth>();
            foreach (VectorFunction function in Enum.GetValues<VectorFunction>())
            {
                foreach (VectorWidth width in Enum.GetValues<VectorWidth>())
                {
                    data.Add(function, width);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Single_EveryExponent_IsWithinTwoUlps(VectorFunction function, VectorWidth width)
    {
        long stride = VectorFunctions.IsAccelerated(width) ? Stride : SoftwareStride;
        var x = new float[4096];
        for (long pattern = uint.MinValue; pattern <= uint.MaxValue;)
        {
            int count = 0;
            for (; count < x.Length && pattern <= uint.MaxValue; count++, pattern += stride)
            {
                x[count] = BitConverter.UInt32BitsToSingle((uint)pattern);
            }

            Check(function, width, x[..count]);
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Single_NextToThresholds_IsWithinTwoUlps(VectorFunction function, VectorWidth width)
    {
        float[] thresholds =
        [
            88.72284f, 89f, 40f, 17.32868f, 10f, 9.010913f, 0.6931472f, 0.5198604f, 0.34657359f, 0.25993019f, 0.17328679f,
            LeastNormal, -16.63553f, -17.32868f, -87.33655f, -87.68f, -88.3f, -103.27893f, -104f,
        ];
        float[] x =
        [
            .. from threshold in thresholds
               from neighbour in Enumerable.Range(-Neighbours, (2 * Neighbours) + 1)
               let magnitude = BitConverter.SingleToInt32Bits(threshold) + neighbour
               from argument in new[] { BitConverter.Int32BitsToSingle(magnitude), -BitConverter.Int32BitsToSingle(magnitude) }
               select argument,
        ];

        Check(function, width, x);
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Double_Golden_IsWithinTwoUlps(VectorFunction function, VectorWidth width)
    {
        VectorMathGolden golden = VectorMathGolden.Of(function);

        double[] y = VectorFunctions.Run(function, width, golden.X);

        for (int n = 0; n < y.Length; n++)
        {
            double ulp = Math.ScaleB(1, Math.ILogB(golden.Nearest[n]) - 52);
            double error = Math.Abs(((y[n] - golden.Nearest[n]) / ulp) - golden.Rest[n]);
            if (!(error <= LargestError))
            {
                Fail(function, width, golden.X[n], y[n], golden.Nearest[n], error);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Everything))]
    public void Single_SpecialArgument_HasItsLimit(VectorFunction function, VectorWidth width) =>
        CheckSpecialArguments<float>(function, width);

    [Theory]
    [MemberData(nameof(Everything))]
    public void Double_SpecialArgument_HasItsLimit(VectorFunction function, VectorWidth width) =>
        CheckSpecialArguments<double>(function, width);

    [Theory]
    [MemberData(nameof(Everything))]
    public void Double_BitsOfAllWidths_AreEqual(VectorFunction function, VectorWidth width)
    {
        double[] x = VectorMathGolden.Of(function).X;

        VectorFunctions.Run(function, width, x).Should().Equal(VectorFunctions.Run(function, VectorWidth.Scalar, x));
    }

    [Theory]
    [InlineData(VectorWidth.Scalar)]
    [InlineData(VectorWidth.Bits128)]
    [InlineData(VectorWidth.Bits256)]
    [InlineData(VectorWidth.Bits512)]
    public void DoubleSigmoid_SubnormalResult_IsNotLargerThanIt(VectorWidth width)
    {
        double[] x = [-708.4, -708.74, -708.75, -709, -709.4, -709.5, -720, -744, -745, -1e300];

        double[] y = VectorFunctions.Run(VectorFunction.Sigmoid, width, x);

        // So far out σ(x) and eˣ are one number. A subnormal result is a whole multiple of the least one.
        y.Zip(x, (result, argument) => result - Math.Exp(argument)).Should().OnlyContain(above => above <= double.Epsilon);
        y.Should().OnlyContain(result => result >= 0);
    }

    private static void CheckSpecialArguments<T>(VectorFunction function, VectorWidth width)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T half = T.One / (T.One + T.One);
        T largest = T.BitDecrement(T.PositiveInfinity);
        T[] x = [T.PositiveInfinity, largest, T.NegativeInfinity, -largest];
        T[] limits = function switch
        {
            VectorFunction.Exp => [T.PositiveInfinity, T.PositiveInfinity, T.Zero, T.Zero],
            VectorFunction.Sigmoid => [T.One, T.One, T.Zero, T.Zero],
            _ => [T.One, T.One, -T.One, -T.One],
        };
        T[] tiny = [T.Zero, T.NegativeZero, T.Epsilon, -T.Epsilon, T.Epsilon * T.CreateChecked(12345)];
        T[] ofTiny = function switch
        {
            VectorFunction.Exp => [.. tiny.Select(_ => T.One)],
            VectorFunction.Sigmoid => [.. tiny.Select(_ => half)],
            _ => tiny,
        };

        VectorFunctions.Run(function, width, x).Should().Equal(limits);
        VectorFunctions.Run(function, width, tiny).Should().Equal(ofTiny);
        VectorFunctions.Run(function, width, tiny).Select(T.IsNegative).Should().Equal(ofTiny.Select(T.IsNegative));
        VectorFunctions.Run(function, width, T.NaN, -T.NaN, T.One).Select(T.IsNaN).Should().Equal(true, true, false);
    }

    /// <summary>Compares with System.Math in double, whose own error is some 2⁻²⁹ of a float's unit in the last place.</summary>
    private static void Check(VectorFunction function, VectorWidth width, float[] x)
    {
        float[] y = VectorFunctions.Run(function, width, x);
        for (int n = 0; n < x.Length; n++)
        {
            double expected = Reference(function, x[n]);
            double error;
            if (double.IsNaN(expected))
            {
                error = float.IsNaN(y[n]) ? 0 : double.PositiveInfinity;
            }
            else if (float.IsInfinity((float)expected))
            {
                error = float.IsPositiveInfinity(y[n]) ? 0 : double.PositiveInfinity;
            }
            else if (function == VectorFunction.Sigmoid && expected < LeastNormal)
            {
                error = y[n] >= 0 && y[n] <= expected + LeastSubnormal ? 0 : double.PositiveInfinity;
            }
            else
            {
                double ulp = Math.Max(Math.ScaleB(1, Math.ILogB(expected) - 23), LeastSubnormal);
                error = Math.Abs(y[n] - expected) / ulp;
            }

            if (!(error <= LargestError))
            {
                Fail(function, width, x[n], y[n], expected, error);
            }
        }
    }

    private static double Reference(VectorFunction function, double x) => function switch
    {
        VectorFunction.Exp => Math.Exp(x),
        VectorFunction.Sigmoid => 1 / (1 + Math.Exp(-x)),
        _ => Math.Tanh(x),
    };

    private static void Fail(VectorFunction function, VectorWidth width, double x, double y, double expected, double error) =>
        Assert.Fail($"{function} ({width}) of {x:R} is {y:R}, not {expected:R}: {error:F3} units in the last place.");
}
