using System.Numerics;
using Lstm.Layers;
using Lstm.Models;
using Lstm.Optimizers;
using Lstm.Tests.Reference;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>An output layer with the weights of an embedding. With PyTorch it is compared in EmbeddingLayerTests.</summary>
public class DenseLayerTiedTests
{
    private readonly Random _random = new(1);

    [Fact]
    public void Train_RandomShapesInDouble_EqualsReference() => Property.ForAllShapes(EqualsReference<double>);

    [Fact]
    public void Train_RandomShapesInFloat_EqualsReference() => Property.ForAllShapes(EqualsReference<float>);

    [Theory]
    [InlineData(40, 20, 65, 129)]
    [InlineData(1, 1, 300, 1)]
    [InlineData(64, 33, 1, 27)]
    [InlineData(3, 1, 257, 256)]
    public void Train_GivenShape_EqualsReference(int steps, int batch, int inputs, int outputs)
    {
        EqualsReference<double>(new Shape(steps, batch, inputs, outputs, 1));
        EqualsReference<float>(new Shape(steps, batch, inputs, outputs, 2));
    }

    [Fact]
    public void Backward_RandomWeights_EqualsFiniteDifferences()
    {
        var layer = new DenseLayer<double>(new EmbeddingLayer<double>(5, 4));
        Draw.Parameters(_random, layer);

        GradientReport report = GradientCheck.Run(layer, Draw.Sequence<double>(_random, 3, 2, 4));

        report.Passed.Should().BeTrue(report.ToString());
        report.WorstByName.Select(worst => worst.Name).Should().Equal("Weights", "Bias", "input");
    }

    // With many outputs the threads share out the rows of W, or the columns of x if there are too few rows for so many threads.
    [Theory]
    [InlineData(129)]
    [InlineData(1300)]
    public void Train_Threads_GivesTheSameBits(int outputs)
    {
        var layer = new DenseLayer<float>(new EmbeddingLayer<float>(outputs, 100));
        Draw.Parameters(_random, layer);
        Sequence<float> input = Draw.Sequence<float>(_random, 9, 33, 100);
        Sequence<float> gradient = Draw.Sequence<float>(_random, 9, 33, outputs);
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
    public void Constructor_Embedding_SharesItsWeights()
    {
        var embedding = new EmbeddingLayer<double>(7, 3, seed: 4);
        var layer = new DenseLayer<double>(embedding);
        (layer.Inputs, layer.Outputs, layer.IsTied).Should().Be((3, 7, true));
        layer.Weights.Should().BeSameAs(embedding.Weights);
        layer.Bias.Count.Should().Be(7);
        layer.Bias.Decays.Should().BeFalse();
        new DenseLayer<double>(3, 7).IsTied.Should().BeFalse();
        Refusal.Of<ArgumentNullException>(() => new DenseLayer<float>(null!), "embedding");
    }

    [Fact]
    public void Parameters_OfANetworkWithin_AppearOnce()
    {
        var embedding = new EmbeddingLayer<float>(7, 3);
        var lstm = new LstmLayer<float>(3, 3);
        var dense = new DenseLayer<float>(embedding);
        Parameter<float>[] expected = [embedding.Weights, .. lstm.Parameters, dense.Bias];

        var network = new Network<float>(embedding, lstm, dense);
        network.Parameters.Should().Equal(expected);
        network.ParameterCount.Should().Be((7 * 3) + lstm.ParameterCount + 7);
        new Network<float>(new Network<float>(embedding, lstm), dense).Parameters.Should().Equal(expected);
    }

    [Fact]
    public void Step_SharedWeights_AreMovedOnceByTheSumOfBothGradients()
    {
        var embedding = new EmbeddingLayer<double>(4, 2);
        var network = new Network<double>(embedding, new DenseLayer<double>(embedding));
        new double[] { 1, 2, 3, 4, 5, 6, 7, 8 }.CopyTo(embedding.Weights.Values);

        // The loss is 10 times the score of token 2 after token 1: 10 (E₁·E₂ + b₂), whose gradients are 10 E₂ and 10 E₁.
        network.Forward(new Sequence<double>(1, 1, 1, [1])).Values.ToArray().Should().Equal(11, 25, 39, 53);
        network.Backward(new Sequence<double>(1, 1, 4, [0, 0, 10, 0]));
        embedding.Weights.Gradients.ToArray().Should().Equal(0, 0, 50, 60, 30, 40, 0, 0);

        new SgdOptimizer<double>(new SgdOptions { LearningRate = 0.5 }).Step(network.Parameters);
        embedding.Weights.Values.ToArray().Should().Equal(1, 2, 3 - 25, 4 - 30, 5 - 15, 6 - 20, 7, 8);
    }

    private static void EqualsReference<T>(Shape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(shape.Seed);
        var layer = new DenseLayer<T>(new EmbeddingLayer<T>(shape.Units, shape.Inputs));
        Draw.Parameters(random, layer);
        Sequence<T> input = Draw.Sequence<T>(random, shape.Steps, shape.Batch, shape.Inputs);
        Sequence<T> outputGradient = Draw.Sequence<T>(random, shape.Steps, shape.Batch, shape.Units);
        var reference = new ReferenceDense(
            ReferenceArrays.Of(layer.Weights.Value.Transpose()), ReferenceArrays.Of(layer.Bias.Value));
        (double[,] dw, double[,] db, double[,,] dx) =
            reference.Backward(ReferenceArrays.Of(input), ReferenceArrays.Of(outputGradient));

        double tolerance = Tolerance.Rounding<T>();
        double[,,] expected = reference.Forward(ReferenceArrays.Of(input));
        Close.To(layer.Infer(input), expected, tolerance, "output without training");
        Close.To(layer.Forward(input), expected, tolerance, "output");
        Close.To(layer.Backward(outputGradient), dx, tolerance, "input gradient");
        Close.To(layer.Weights.Gradient.Transpose(), dw, tolerance, "gradient of W");
        Close.To(layer.Bias.Gradient, db, tolerance, "gradient of b");
    }
}
