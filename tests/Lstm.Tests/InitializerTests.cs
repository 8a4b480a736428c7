using Lstm.Tests.Support;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Statistics;

namespace Lstm.Tests;

public class InitializerTests
{
    /// <summary>Rounding of a QR decomposition of some hundred rows.</summary>
    private const double Orthonormal = 1e-12;

    /// <summary>
    /// Standard errors that a mean or a variance may be off: exceeded by 6e-7 of all seeds, and these are fixed.
    /// </summary>
    private const double StandardErrors = 5;

    public static TheoryData<string> All => ["uniform", "normal", "inverse root", "Glorot", "orthogonal"];

    [Theory]
    [InlineData("uniform", 0.3)]
    [InlineData("inverse root", 0.2)]
    [InlineData("Glorot", 0.17320508075688773)]
    public void Fill_Uniform_HasTheRangeMeanAndVarianceOfItsDistribution(string name, double range)
    {
        // 120 × 80 with 25 units: 1/√25 = 0.2 and √(6 / (120 + 80)) = 0.1732.
        double[] values = Values(Named(name), 120, 80, 25, 1);
        double variance = range * range / 3;

        values.Should().OnlyContain(value => Math.Abs(value) <= range);
        values.Max().Should().BeGreaterThan(0.998 * range);
        values.Min().Should().BeLessThan(-0.998 * range);
        values.Mean().Should().BeApproximately(0, StandardErrors * Math.Sqrt(variance / values.Length));

        // The variance of the square of U(−1, 1) is 1/5 − 1/9.
        values.Select(value => value * value).Mean().Should().BeApproximately(
            variance, StandardErrors * range * range * Math.Sqrt(((1 / 5.0) - (1 / 9.0)) / values.Length));

        // Even over its range: a tenth of all numbers in each tenth.
        double tenth = values.Length / 10.0;
        int[] counts = [.. values.GroupBy(value => (int)(5 * (1 + (value / range)))).OrderBy(g => g.Key).Select(g => g.Count())];
        counts.Should().HaveCount(10).And.OnlyContain(count => Math.Abs(count - tenth) < StandardErrors * Math.Sqrt(0.9 * tenth));
    }

    [Fact]
    public void Fill_Normal_HasTheMeanAndMomentsOfItsDistribution()
    {
        const double deviation = 0.3;
        double[] values = Values(Initializer.Normal(deviation), 120, 80, 25, 1);

        values.Mean().Should().BeApproximately(0, StandardErrors * deviation / Math.Sqrt(values.Length));

        // The variance of the square of a standard normal number is 2, that of its fourth power 105 − 9.
        double[] squares = [.. values.Select(value => value * value / (deviation * deviation))];
        squares.Mean().Should().BeApproximately(1, StandardErrors * Math.Sqrt(2.0 / values.Length));
        squares.Select(square => square * square).Mean().Should().BeApproximately(3, StandardErrors * Math.Sqrt(96.0 / values.Length));
    }

    [Theory]
    [InlineData(100, 25)]
    [InlineData(64, 64)]
    [InlineData(5, 1)]
    [InlineData(1, 1)]
    public void Fill_OrthogonalHighOrSquare_HasOrthonormalColumns(int rows, int columns)
    {
        Matrix<double> q = Matrix(Initializer.Orthogonal, rows, columns, 1);
        (q.TransposeThisAndMultiply(q) - Matrix<double>.Build.DenseIdentity(columns)).FrobeniusNorm().Should().BeLessThan(Orthonormal);
    }

    [Theory]
    [InlineData(25, 100)]
    [InlineData(1, 7)]
    [InlineData(63, 64)]
    public void Fill_OrthogonalWide_HasOrthonormalRows(int rows, int columns)
    {
        Matrix<double> q = Matrix(Initializer.Orthogonal, rows, columns, 1);
        (q.TransposeAndMultiply(q) - Matrix<double>.Build.DenseIdentity(rows)).FrobeniusNorm().Should().BeLessThan(Orthonormal);
    }

    [Fact]
    public void Fill_Orthogonal_IsUniformOverTheOrthogonalMatrices()
    {
        // Over all orthogonal 2 × 2 matrices each element has mean 0 and variance 1/2, and half of them are rotations.
        const int Draws = 4000;
        var random = new Random(1);
        Matrix<double>[] draws = [.. Enumerable.Range(0, Draws).Select(_ => Matrix(Initializer.Orthogonal, 2, 2, random))];
        double error = StandardErrors * Math.Sqrt(0.5 / Draws);
        for (int n = 0; n < 4; n++)
        {
            double[] elements = [.. draws.Select(q => q[n % 2, n / 2])];
            elements.Mean().Should().BeApproximately(0, error);
            elements.Select(x => x * x).Mean().Should().BeApproximately(0.5, error);
        }

        draws.Select(q => q.Determinant()).Mean().Should().BeApproximately(0, StandardErrors / Math.Sqrt(Draws));
    }

    [Fact]
    public void Fill_Constant_IsTheSameEverywhere()
    {
        Values(Initializer.Constant(-0.5), 3, 2, 1, 1).Should().Equal(Enumerable.Repeat(-0.5, 6));
        Values(Initializer.Zeros, 3, 2, 1, 1).Should().Equal(new double[6]);
        Values(Initializer.Uniform(0), 3, 2, 1, 1).Should().OnlyContain(value => value == 0);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Fill_SameSeed_GivesTheSameNumbers(string name)
    {
        double[] values = Values(Named(name), 12, 5, 3, 7);
        Values(Named(name), 12, 5, 3, 7).Should().Equal(values);
        Values(Named(name), 12, 5, 3, 8).Should().NotEqual(values);
        values.Distinct().Should().HaveCount(60);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Fill_RandomPassedIn_IsDrawnFrom(string name)
    {
        var random = new Random(7);
        var parameter = new Parameter<double>("W", 12, 5);
        Named(name).Fill(parameter, 3, random);
        double[] first = parameter.Values.ToArray();
        first.Should().Equal(Values(Named(name), 12, 5, 3, 7));
        Named(name).Fill(parameter, 3, random);
        parameter.Values.ToArray().Should().NotEqual(first);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Fill_Float_IsDoubleRounded(string name)
    {
        var parameter = new Parameter<float>("W", 12, 5);
        Named(name).Fill(parameter, 3, new Random(7));
        parameter.Values.ToArray().Should().Equal(Values(Named(name), 12, 5, 3, 7).Select(value => (float)value));
    }

    [Fact]
    public void Fill_Any_LeavesTheGradient()
    {
        var parameter = new Parameter<float>("W", 2, 3);
        parameter.Gradients.Fill(4);
        Initializer.GlorotUniform.Fill(parameter, 2, new Random(1));
        parameter.Gradients.ToArray().Should().OnlyContain(value => value == 4);
    }

    [Fact]
    public void BadArgument_IsRefused()
    {
        var parameter = new Parameter<float>("W", 2, 3);
        Refusal.Of<ArgumentNullException>(() => Initializer.Zeros.Fill<float>(null!, 2, new Random(1)), "parameter");
        Refusal.Of<ArgumentNullException>(() => Initializer.Orthogonal.Fill(parameter, 2, null!), "random");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => Initializer.Orthogonal.Fill(parameter, 0, new Random(1)), "units", "at least 1", "0");
        foreach (double bad in new[] { -0.1, double.NaN, double.PositiveInfinity })
        {
            Refusal.Of<ArgumentOutOfRangeException>(() => Initializer.Uniform(bad), "range", "at least 0", $"{bad}");
            Refusal.Of<ArgumentOutOfRangeException>(() => Initializer.Normal(bad), "deviation", "at least 0", $"{bad}");
        }

        foreach (double bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            Refusal.Of<ArgumentOutOfRangeException>(() => Initializer.Constant(bad), "value", "finite", $"{bad}");
        }

        parameter.Values.ToArray().Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public void Equality_SameDraw_IsEqual()
    {
        Initializer.Uniform(0.5).Should().Be(Initializer.Uniform(0.5)).And.NotBe(Initializer.Uniform(0.4));
        Initializer.Normal(0.5).Should().Be(Initializer.Normal(0.5)).And.NotBe(Initializer.Normal(0.4));
        Initializer.Constant(0).Should().Be(Initializer.Zeros).And.NotBe(Initializer.Uniform(0));
    }

    [Fact]
    public void ToString_Initializer_SaysWhatItDraws()
    {
        Initializer.Uniform(0.5).ToString().Should().Be("uniform ±0.5");
        Initializer.Normal(0.5).ToString().Should().Be("normal, deviation 0.5");
        Initializer.InverseRoot.ToString().Should().Be("uniform ±1/√H");
        Initializer.GlorotUniform.ToString().Should().Be("Glorot uniform");
        Initializer.Orthogonal.ToString().Should().Be("orthogonal");
        Initializer.Constant(2).ToString().Should().Be("constant 2");
    }

    private static Initializer Named(string name) => name switch
    {
        "uniform" => Initializer.Uniform(0.3),
        "normal" => Initializer.Normal(0.3),
        "inverse root" => Initializer.InverseRoot,
        "Glorot" => Initializer.GlorotUniform,
        _ => Initializer.Orthogonal,
    };

    private static double[] Values(Initializer initializer, int rows, int columns, int units, int seed)
    {
        var parameter = new Parameter<double>("W", rows, columns);
        initializer.Fill(parameter, units, new Random(seed));
        return parameter.Values.ToArray();
    }

    private static Matrix<double> Matrix(Initializer initializer, int rows, int columns, int seed) =>
        Matrix(initializer, rows, columns, new Random(seed));

    private static Matrix<double> Matrix(Initializer initializer, int rows, int columns, Random random)
    {
        var parameter = new Parameter<double>("W", rows, columns);
        initializer.Fill(parameter, 1, random);
        return parameter.Value;
    }
}
