using System.Numerics;
using Lstm.Layers;
using Lstm.Tests.Reference;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

public class DenseLayerTests
{
    [Fact]
    public void Train_RandomShapesInDouble_EqualsReference() => Property.ForAllShapes(EqualsReference<double>);

    [Fact]
    public void Train_RandomShapesInFloat_EqualsReference() => Property.ForAllShapes(EqualsReference<float>);

    [Theory]
    [InlineData(40, 20, 65, 129)]
    [InlineData(1, 1, 300, 1)]
    [InlineData(64, 33, 1, 27)]
    [InlineData(3, 1, 257, 256)]
    [InlineData(60, 20, 17, 19)]
    [InlineData(3, 2, 1100, 5)]
    [InlineData(3, 2, 5, 1100)]
    [InlineData(3, 2, 1100, 1100)]
    public void Train_GivenShape_EqualsReference(int steps, int batch, int inputs, int outputs)
    {
        EqualsReference<double>(new Shape(steps, batch, inputs, outputs, 1));
        EqualsReference<float>(new Shape(steps, batch, inputs, outputs, 2));
    }

    [Theory]
    [InlineData(3, 2, 4, 5)]
    [InlineData(4, 3, 6, 1)]
    public void Backward_RandomWeights_EqualsFiniteDifferences(int steps, int batch, int inputs, int outputs)
    {
        var random = new Random(1);
        var layer = new DenseLayer<double>(inputs, outputs);
        Draw.Parameters(random, layer);

        GradientReport report = GradientCheck.Run(layer, Draw.Sequence<double>(random, steps, batch, inputs));

        report.Passed.Should().BeTrue(report.ToString());
        report.WorstByName.Select(worst => worst.Name).Should().Equal("Weights", "Bias", "input");
    }

    [Fact]
    public void Infer_AnyInput_EqualsForward() => Property.ForAllShapes(shape =>
    {
        var random = new Random(shape.Seed);
        var layer = new DenseLayer<float>(shape.Inputs, shape.Units, random);
        Draw.Parameters(random, layer);
        Sequence<float> input = Draw.Sequence<float>(random, shape.Steps, shape.Batch, shape.Inputs);
        Close.To(layer.Infer(input), layer.Forward(input), "output");
    });

    // With many outputs the threads share out the rows of W, or the columns of x if there are too few rows for so many threads.
    [Theory]
    [InlineData(129)]
    [InlineData(1300)]
    public void Train_Threads_GivesTheSameBits(int outputs)
    {
        var random = new Random(1);
        var layer = new DenseLayer<float>(100, outputs);
        Draw.Parameters(random, layer);
        Sequence<float> input = Draw.Sequence<float>(random, 9, 33, 100);
        Sequence<float> gradient = Draw.Sequence<float>(random, 9, 33, outputs);
        float[][] results = [.. new[] { 1, 2, 5 }.Select(threads =>
        {
            layer.Threads = threads;
            layer.ZeroGradient();
            float[] output = layer.Forward(input).Values.ToArray();
            float[] inputGradient = layer.Backward(gradient).Values.ToArray();
            return (float[])[.. output, .. inputGradient, .. Bits.OfGradients(layer)];
        })];

        results[1].Should().Equal(results[0]);
        results[2].Should().Equal(results[0]);
    }

    [Fact]
    public void Constructor_Seed_DrawsGlorotWeightsAndNoBias()
    {
        var layer = new DenseLayer<double>(30, 20, seed: 5);
        layer.Weights.Values.ToArray().Should().Equal(new DenseLayer<double>(30, 20, new Random(5)).Weights.Values.ToArray());
        layer.Weights.Values.ToArray().Should().NotEqual(new DenseLayer<double>(30, 20, seed: 6).Weights.Values.ToArray());
        layer.Weights.Values.ToArray().Max(Math.Abs).Should().BeInRange(0.3, Math.Sqrt(6.0 / 50));
        layer.Bias.Values.ToArray().Should().OnlyContain(value => value == 0);
        (layer.Weights.Decays, layer.Bias.Decays).Should().Be((true, false));
    }

    [Fact]
    public void Constructor_Initializer_IsUsed() =>
        new DenseLayer<float>(3, 2, 0, Initializer.Constant(0.25)).Weights.Values.ToArray().Should().Equal(
            Enumerable.Repeat(0.25f, 6));

    [Fact]
    public void Constructor_BadArgument_IsRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => new DenseLayer<float>(0, 2), "inputs", "at least 1", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => new DenseLayer<float>(3, -4), "outputs", "at least 1", "-4");
        Refusal.Of<ArgumentNullException>(() => new DenseLayer<float>(3, 2, null!), "random");
    }

    [Fact]
    public void ToString_Layer_SaysItsSizes() =>
        new DenseLayer<float>(32, 27).ToString().Should().Be("DenseLayer<Single> 32 → 27, 891 parameters");

    private static void EqualsReference<T>(Shape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(shape.Seed);
        var layer = new DenseLayer<T>(shape.Inputs, shape.Units, random);
        Draw.Parameters(random, layer);
        Sequence<T> input = Draw.Sequence<T>(random, shape.Steps, shape.Batch, shape.Inputs);
        Sequence<T> outputGradient = Draw.Sequence<T>(random, shape.Steps, shape.Batch, shape.Units);
        var reference = new ReferenceDense(ReferenceArrays.Of(layer.Weights.Value), ReferenceArrays.Of(layer.Bias.Value));
        (double[,] dw, double[,] db, double[,,] dx) =
            reference.Backward(ReferenceArrays.Of(input), ReferenceArrays.Of(outputGradient));

        double tolerance = Tolerance.Rounding<T>();
        Close.To(layer.Forward(input), reference.Forward(ReferenceArrays.Of(input)), tolerance, "output");
        Close.To(layer.Backward(outputGradient), dx, tolerance, "input gradient");
        Close.To(layer.Weights.Gradient, dw, tolerance, "gradient of W");
        Close.To(layer.Bias.Gradient, db, tolerance, "gradient of b");
    }
}
