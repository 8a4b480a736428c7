using System.Numerics;
using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Goldens;
using Lstm.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests.Layers;

public class EmbeddingLayerTests
{
    private static readonly float[] Expected = [5, 6, 1, 2, 7, 8, 5, 6];

    private readonly Random _random = new(1);

    public static TheoryData<int> TorchCases => [.. Enumerable.Range(0, TorchEmbedding.Cases.Count)];

    [Fact]
    public void Forward_Tokens_GivesTheirColumns()
    {
        EmbeddingLayer<float> layer = Numbered();
        layer.Forward(Tokens()).Values.ToArray().Should().Equal(Expected);
        layer.Infer(Tokens()).Values.ToArray().Should().Equal(Expected);
        float[] output = new float[4];
        layer.Step([1, 3], layer.CreateState(2), output);
        output.Should().Equal(3, 4, 7, 8);
    }

    [Fact]
    public void Backward_TokenThatOccursTwice_GetsTheSumAndOthersNothing()
    {
        EmbeddingLayer<float> layer = Numbered();
        var gradient = new Sequence<float>(2, 2, 2, [1, 2, 3, 4, 5, 6, 7, 8]);
        layer.Forward(Tokens());
        Sequence<float> inputGradient = layer.Backward(gradient);
        layer.Weights.Gradients.ToArray().Should().Equal(3, 4, 0, 0, 8, 10, 5, 6);
        inputGradient.Values.ToArray().Should().Equal(0, 0, 0, 0);

        // Gradients add up until they are cleared.
        layer.Forward(new Sequence<float>(1, 1, 1, [1]));
        layer.Backward(new Sequence<float>(1, 1, 2, [-1, -2]));
        layer.Weights.Gradients.ToArray().Should().Equal(3, 4, -1, -2, 8, 10, 5, 6);
    }

    [Fact]
    public void Train_RandomShapesInFloat_EqualsOneHotAndDense() => Property.ForAllShapes(EqualsOneHotAndDense<float>);

    [Fact]
    public void Train_RandomShapesInDouble_EqualsOneHotAndDense() => Property.ForAllShapes(EqualsOneHotAndDense<double>);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Backward_InANetwork_EqualsFiniteDifferences(bool tied)
    {
        var embedding = new EmbeddingLayer<double>(6, 4);
        var network = new Network<double>(
            embedding,
            new LstmLayer<double>(4, 4),
            tied ? new DenseLayer<double>(embedding) : new DenseLayer<double>(4, 3));
        Draw.Parameters(_random, network);
        var input = new Sequence<double>(4, 2, 1, [0, 5, 2, 2, 1, 3, 5, 0]);
        var options = new GradientCheckOptions { CheckInput = false };

        GradientReport report = GradientCheck.Run(network, input, Draw.State(_random, network, 2), options);

        report.Passed.Should().BeTrue(report.ToString());
        report.Elements.Should().Be(network.ParameterCount + (2 * 2 * 4));
    }

    [Theory]
    [MemberData(nameof(TorchCases))]
    public void Train_TorchCase_GivesItsOutputAndGradients(int number)
    {
        TorchEmbedding golden = TorchEmbedding.Cases[number];
        Network<double> network = golden.CreateNetwork();

        Close.To(network.Forward(golden.CreateInput()), TorchLstm.Sequence(golden.Output), "output");
        network.Backward(TorchLstm.Sequence(golden.OutputGradient));

        for (int n = 0; n < network.Parameters.Count; n++)
        {
            Parameter<double> parameter = network.Parameters[n];
            Matrix<double> expected = Matrix<double>.Build.Dense(
                parameter.Value.RowCount, parameter.Value.ColumnCount, golden.CreateGradients()[n]);
            Close.To(parameter.Gradient, expected, $"gradient of {parameter}");
        }
    }

    [Fact]
    public void Train_Threads_GivesTheSameBits()
    {
        var layer = new EmbeddingLayer<float>(50, 33);
        Sequence<float> input = RandomTokens<float>(_random, 20, 40, 50);
        Sequence<float> gradient = Draw.Sequence<float>(_random, 20, 40, 33);
        float[][] results = [.. new[] { 1, 2, 5 }.Select(threads =>
        {
            layer.Threads = threads;
            layer.ZeroGradient();
            float[] output = layer.Forward(input).Values.ToArray();
            layer.Backward(gradient);
            return (float[])[.. output, .. Bits.OfGradients(layer)];
        })];

        results[1].Should().Equal(results[0]);
        results[2].Should().Equal(results[0]);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-1)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Forward_NoTokenOfTheVocabulary_IsRefused(double token)
    {
        var layer = new EmbeddingLayer<double>(4, 2);
        var input = new Sequence<double>(1, 3, 1, [0, 1, token]);
        var output = new Sequence<double>(1, 3, 2, [.. Enumerable.Repeat(7.0, 6)]);
        string[] words = ["from 0 to 3", "element 2"];
        Refusal.Of<ArgumentOutOfRangeException>(() => layer.Forward(input), "input", words);
        Refusal.Of<ArgumentOutOfRangeException>(() => layer.Infer(input, output), "input", words);
        Refusal.Of<ArgumentOutOfRangeException>(
            () => layer.Step(input.Values, layer.CreateState(3), output.Values), "input", words);
        output.Values.ToArray().Should().OnlyContain(value => value == 7);
    }

    [Fact]
    public void Constructor_Seed_DrawsKerasWeights()
    {
        var layer = new EmbeddingLayer<double>(30, 20, seed: 5);
        layer.Weights.Values.ToArray().Should().Equal(new EmbeddingLayer<double>(30, 20, new Random(5)).Weights.Values.ToArray());
        layer.Weights.Values.ToArray().Should().NotEqual(new EmbeddingLayer<double>(30, 20, seed: 6).Weights.Values.ToArray());
        layer.Weights.Values.ToArray().Max(Math.Abs).Should().BeInRange(0.045, 0.05);
        (layer.Weights.Value.RowCount, layer.Weights.Value.ColumnCount, layer.Weights.Decays).Should().Be((20, 30, true));
        (layer.Inputs, layer.Outputs, layer.Tokens).Should().Be((1, 20, 30));
    }

    [Fact]
    public void Constructor_Initializer_IsUsed() =>
        new EmbeddingLayer<float>(3, 2, 0, Initializer.Constant(0.25)).Weights.Values.ToArray().Should().Equal(
            Enumerable.Repeat(0.25f, 6));

    [Fact]
    public void Constructor_BadArgument_IsRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => new EmbeddingLayer<float>(0, 2), "tokens", "from 1 to 16777216", "0");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => new EmbeddingLayer<float>((1 << 24) + 1, 1), "tokens", "from 1 to 16777216", "16777217");
        Refusal.Of<ArgumentOutOfRangeException>(() => new EmbeddingLayer<float>(3, -4), "outputs", "at least 1", "-4");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => new EmbeddingLayer<float>(1 << 24, 1 << 10), "outputs", $"{Array.MaxLength}", "1024 × 16777216");
        Refusal.Of<ArgumentNullException>(() => new EmbeddingLayer<float>(3, 2, null!), "random");
    }

    [Fact]
    public void ToString_Layer_SaysItsSizes() =>
        new EmbeddingLayer<float>(27, 8).ToString().Should().Be("EmbeddingLayer<Single> 1 → 8, 216 parameters");

    private static EmbeddingLayer<float> Numbered()
    {
        var layer = new EmbeddingLayer<float>(4, 2);
        new float[] { 1, 2, 3, 4, 5, 6, 7, 8 }.CopyTo(layer.Weights.Values);
        return layer;
    }

    private static Sequence<float> Tokens() => new(2, 2, 1, [2, 0, 3, 2]);

    private static Sequence<T> RandomTokens<T>(Random random, int steps, int batch, int tokens)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(steps, batch, 1, [.. Enumerable.Range(0, steps * batch).Select(_ => T.CreateChecked(random.Next(tokens)))]);

    private static void EqualsOneHotAndDense<T>(Shape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(shape.Seed);
        (int tokens, int outputs) = (shape.Inputs, shape.Units);
        var layer = new EmbeddingLayer<T>(tokens, outputs, random);
        var dense = new DenseLayer<T>(tokens, outputs);
        var network = new Network<T>(new OneHotLayer<T>(tokens), dense);
        layer.Weights.Values.CopyTo(dense.Weights.Values);
        Sequence<T> input = RandomTokens<T>(random, shape.Steps, shape.Batch, tokens);
        Sequence<T> gradient = Draw.Sequence<T>(random, shape.Steps, shape.Batch, outputs);

        // A column of a matrix is the same to the bit when it comes out of a product with a unit vector.
        layer.Forward(input).Values.ToArray().Should().Equal(network.Forward(input).Values.ToArray());
        layer.Infer(input).Values.ToArray().Should().Equal(network.Infer(input).Values.ToArray());
        layer.Backward(gradient);
        network.Backward(gradient);
        Close.To(layer.Weights.Gradient, dense.Weights.Gradient, "gradient of E");
    }
}
