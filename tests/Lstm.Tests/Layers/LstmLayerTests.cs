using Lstm.Layers;
using Lstm.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests.Layers;

/// <summary>How a layer is made.</summary>
public class LstmLayerTests
{
    /// <summary>Rounding of a sum of 96 squares.</summary>
    private const double Orthonormal = 1e-13;

    [Fact]
    public void Constructor_Parameters_HaveTheShapesOfTheEquations()
    {
        var layer = new LstmLayer<double>(3, 5);
        layer.Parameters.Should().Equal(layer.InputWeights, layer.RecurrentWeights, layer.Bias);
        layer.Parameters.Select(parameter => parameter.ToString()).Should().Equal(
            "InputWeights 20 × 3", "RecurrentWeights 20 × 5", "Bias 20 × 1");
        layer.Parameters.Select(parameter => parameter.Decays).Should().Equal(true, true, false);
        (layer.Inputs, layer.Outputs, layer.HiddenUnits, layer.ParameterCount).Should().Be((3, 5, 5, 180L));
    }

    [Fact]
    public void Constructor_Defaults_AreKeras()
    {
        var layer = new LstmLayer<double>(7, 24, seed: 3);
        double range = Math.Sqrt(6.0 / (7 + 96));
        layer.InputWeights.Values.ToArray().Max(Math.Abs).Should().BeInRange(0.95 * range, range);
        Matrix<double> u = layer.RecurrentWeights.Value;
        (u.TransposeThisAndMultiply(u) - Matrix<double>.Build.DenseIdentity(24)).L2Norm().Should().BeLessThan(Orthonormal);
    }

    [Theory]
    [InlineData(null, 1.0)]
    [InlineData(0.0, 0.0)]
    [InlineData(2.5, 2.5)]
    public void Constructor_ForgetBias_IsInItsBlockAlone(double? given, double expected)
    {
        LstmOptions options = given is null ? new LstmOptions() : new LstmOptions { ForgetBias = given.Value };
        double[] bias = new LstmLayer<double>(2, 3, 0, options).Bias.Values.ToArray();
        bias.Should().Equal(0, 0, 0, expected, expected, expected, 0, 0, 0, 0, 0, 0);
    }

    [Fact]
    public void Constructor_Initializers_AreUsed()
    {
        var options = new LstmOptions
        {
            InputInitializer = Initializer.Constant(0.5),
            RecurrentInitializer = Initializer.InverseRoot,
        };
        var layer = new LstmLayer<float>(2, 100, 0, options);
        layer.Options.Should().BeSameAs(options);
        layer.InputWeights.Values.ToArray().Should().OnlyContain(value => value == 0.5f);
        layer.RecurrentWeights.Values.ToArray().Max(Math.Abs).Should().BeInRange(0.099f, 0.1f);
    }

    [Fact]
    public void Constructor_Seed_DecidesTheWeights()
    {
        float[] weights = Bits.OfValues(new LstmLayer<float>(4, 6, seed: 9));
        Bits.OfValues(new LstmLayer<float>(4, 6, seed: 9)).Should().Equal(weights);
        Bits.OfValues(new LstmLayer<float>(4, 6, new Random(9))).Should().Equal(weights);
        Bits.OfValues(new LstmLayer<float>(4, 6, seed: 10)).Should().NotEqual(weights);
        Bits.OfValues(new LstmLayer<double>(4, 6, seed: 9)).Select(value => (float)value).Should().Equal(weights);
    }

    [Fact]
    public void Constructor_RandomUsedBefore_DrawsOn()
    {
        var random = new Random(9);
        float[] first = Bits.OfValues(new LstmLayer<float>(4, 6, random));
        Bits.OfValues(new LstmLayer<float>(4, 6, random)).Should().NotEqual(first);
    }

    [Fact]
    public void Constructor_BadArgument_IsRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => new LstmLayer<float>(0, 5), "inputs", "at least 1", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => new LstmLayer<float>(-1, 5), "inputs", "at least 1", "-1");
        Refusal.Of<ArgumentOutOfRangeException>(() => new LstmLayer<float>(3, 0), "hiddenUnits", "at least 1", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => new LstmLayer<float>(3, -7), "hiddenUnits", "at least 1", "-7");
        Refusal.Of<ArgumentNullException>(() => new LstmLayer<float>(3, 5, null!), "random");
    }

    [Theory]
    [InlineData(1, int.MaxValue)]
    [InlineData(1, int.MaxValue / 4)]
    [InlineData(1, 30_000)]
    [InlineData(int.MaxValue, 2)]
    public void Constructor_MoreThanAnArrayHolds_IsRefused(int inputs, int hiddenUnits)
    {
        Action create = () => _ = new LstmLayer<float>(inputs, hiddenUnits);
        create.Should().ThrowExactly<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Options_BadValue_IsRefused()
    {
        foreach (double bad in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity })
        {
            Refusal.Of<ArgumentOutOfRangeException>(() => _ = new LstmOptions { ForgetBias = bad }, "ForgetBias", "finite", $"{bad}");
        }

        Refusal.Of<ArgumentNullException>(() => _ = new LstmOptions { InputInitializer = null! }, "InputInitializer");
        Refusal.Of<ArgumentNullException>(() => _ = new LstmOptions { RecurrentInitializer = null! }, "RecurrentInitializer");
    }

    [Fact]
    public void ToString_Layer_SaysItsSizes() =>
        new LstmLayer<float>(27, 32).ToString().Should().StartWith("LstmLayer<Single> 27 → 32, 7680 parameters");

    [Fact]
    public void ZeroGradient_AfterTraining_ClearsAllAccumulators()
    {
        var given = new LstmCase<float>(new Shape(3, 2, 4, 5, 1));
        given.Train();
        Bits.OfGradients(given.Layer).Should().NotContain(0);
        given.Layer.ZeroGradient();
        Bits.OfGradients(given.Layer).Should().OnlyContain(gradient => gradient == 0);
    }
}
