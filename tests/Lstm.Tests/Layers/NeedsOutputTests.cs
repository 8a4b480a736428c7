using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>A layer that says that it does not need its output for backward gives the same gradients without it.</summary>
public class NeedsOutputTests
{
    private const int Width = 5;

    public static TheoryData<Layer<double>, bool> Layers => new()
    {
        { new DenseLayer<double>(Width, 4, seed: 1), false },
        { new EmbeddingLayer<double>(Width, 4, seed: 1), false },
        { new OneHotLayer<double>(Width), false },
        { new DropoutLayer<double>(Width, 0.5, seed: 1) { Repeat = true }, false },
        { new StatefulLayer<double>(new DenseLayer<double>(Width, 4, seed: 1)), false },
        { new Network<double>(new LstmLayer<double>(Width, 4, seed: 1), new DenseLayer<double>(4, 3, seed: 2)), false },
        { new LstmLayer<double>(Width, 4, seed: 1), true },
        { new StatefulLayer<double>(new LstmLayer<double>(Width, 4, seed: 1)), true },
        { new Network<double>(new DenseLayer<double>(Width, 4, seed: 1), new LstmLayer<double>(4, 3, seed: 2)), true },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void NeedsOutput_OutputLost_ChangesTheGradientsOnlyWhereItSaysSo(Layer<double> layer, bool needs)
    {
        double[] kept = Gradients(layer, lose: false);
        double[] lost = Gradients(layer, lose: true);

        layer.NeedsOutput.Should().Be(needs);
        lost.SequenceEqual(kept).Should().Be(!needs);
    }

    private static double[] Gradients(Layer<double> layer, bool lose)
    {
        var random = new Random(1);
        (layer as StatefulLayer<double>)?.Reset();
        Sequence<double> input = layer.Inputs == 1
            ? new Sequence<double>(3, 2, 1, [0, 1, 2, 3, 4, 0])
            : Draw.Sequence<double>(random, 3, 2, layer.Inputs);
        layer.ZeroGradient();
        Sequence<double> output = layer.Forward(input);
        Sequence<double> gradient = Draw.Sequence<double>(random, 3, 2, layer.Outputs);
        if (lose)
        {
            output.Values.Fill(7);
        }

        double[] inputGradient = layer.Backward(gradient).Values.ToArray();
        return [.. inputGradient, .. Bits.OfGradients(layer)];
    }
}
