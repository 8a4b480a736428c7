using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

public class ReverseLayerTests
{
    private readonly Random _random = new(1);

    [Fact]
    public void Train_RandomShapes_IsTheLayerBetweenTwoReversals() => Property.ForAllShapes(shape =>
    {
        var given = new LstmCase<double>(shape);
        var layer = new ReverseLayer<double>(given.Layer);
        double[] output = layer.Forward(given.Input, given.InitialState).Values.ToArray();
        double[] inputGradient = layer.Backward(given.OutputGradient, given.FinalStateGradient).Values.ToArray();
        double[] gradients = Bits.OfGradients(layer);
        double[] final = Bits.Of(layer.FinalState);
        double[] initialGradient = Bits.Of(layer.InitialStateGradient);

        var same = new LstmCase<double>(shape);
        Reversal.Of(same.Layer.Forward(Reversal.Of(same.Input), same.InitialState)).Values.ToArray().Should().Equal(output);
        Reversal.Of(same.Layer.Backward(Reversal.Of(same.OutputGradient), same.FinalStateGradient))
            .Values.ToArray().Should().Equal(inputGradient);
        Bits.OfGradients(same.Layer).Should().Equal(gradients);
        Bits.Of(same.Layer.FinalState).Should().Equal(final);
        Bits.Of(same.Layer.InitialStateGradient).Should().Equal(initialGradient);
    });

    [Fact]
    public void Forward_TwiceReversed_IsTheLayer()
    {
        var given = new LstmCase<float>(new Shape(5, 3, 4, 6, 1));
        float[] expected = given.Layer.Forward(given.Input, given.InitialState).Values.ToArray();
        new ReverseLayer<float>(new ReverseLayer<float>(given.Layer)).Forward(given.Input, given.InitialState)
            .Values.ToArray().Should().Equal(expected);
    }

    [Fact]
    public void Infer_LongerThanAChunkOfTheNetwork_EqualsForward()
    {
        // The network may not cut the steps: the last one comes first here.
        var network = new Network<double>(
            new DenseLayer<double>(2, 3), new ReverseLayer<double>(new LstmLayer<double>(3, 4)), new DenseLayer<double>(4, 2));
        Sequence<double> input = Draw.Sequence<double>(_random, 700, 2, 2);
        LayerState<double> state = Draw.State(_random, network, 2);
        Sequence<double> expected = network.Forward(input, state);
        Close.To(network.Infer(input, state), expected, "output");
        Close.To(state, network.FinalState, "final state");
    }

    [Fact]
    public void Step_WithinANetwork_IsRefused()
    {
        var network = new Network<float>(new DenseLayer<float>(2, 3), new ReverseLayer<float>(new LstmLayer<float>(3, 4)));
        LayerState<float> state = Draw.State(_random, network, 1);
        float[] before = Bits.Of(state);
        network.IsCausal.Should().BeFalse();
        Refusal.OutOfTurn(() => network.Step([1, 2], state, new float[4]), "Network", "single steps", "Infer");
        Bits.Of(state).Should().Equal(before);
    }

    [Fact]
    public void Constructor_BadLayer_IsRefused()
    {
        Refusal.Of<ArgumentNullException>(() => new ReverseLayer<float>(null!), "inner");
        var stateful = new StatefulLayer<float>(new LstmLayer<float>(3, 3));
        foreach (Layer<float> layer in new Layer<float>[]
            { stateful, new ResidualLayer<float>(stateful), new Network<float>(new DenseLayer<float>(2, 3), stateful) })
        {
            Refusal.Of<ArgumentException>(() => new ReverseLayer<float>(layer), "inner", "StatefulLayer", "reverse");
        }
    }

    [Fact]
    public void ToString_Layer_SaysWhatIsWithin() =>
        new ReverseLayer<float>(new LstmLayer<float>(32, 27)).ToString()
            .Should().Be("ReverseLayer of LstmLayer<Single> 32 → 27, 6480 parameters");
}
