using Lstm.Layers;
using Lstm.Losses;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

public class LastStepLayerTests
{
    private readonly Random _random = new(1);

    [Fact]
    public void Train_WithinANetwork_IsTheLastStepAndNoOtherHasAGradient()
    {
        var network = new Network<double>(new LstmLayer<double>(3, 4), new LastStepLayer<double>(4), new DenseLayer<double>(4, 2));
        var whole = new Network<double>(network.Layers[0], network.Layers[2]);
        Sequence<double> input = Draw.Sequence<double>(_random, 6, 3, 3);
        Sequence<double> gradient = Draw.Sequence<double>(_random, 1, 3, 2);

        Sequence<double> output = network.Forward(input);
        (output.Steps, output.Batch, output.Features).Should().Be((1, 3, 2));
        double[] last = output.Values.ToArray();
        double[] inputGradient = network.Backward(gradient).Values.ToArray();
        double[] gradients = Bits.OfGradients(network);
        network.ZeroGradient();

        var padded = new Sequence<double>(6, 3, 2);
        gradient.Values.CopyTo(padded.Step(5));
        Close.Within(last, whole.Forward(input).Step(5).ToArray(), Tolerance.Rounding<double>());
        Close.Within(whole.Backward(padded).Values.ToArray(), inputGradient, Tolerance.Rounding<double>());
        Close.Within(Bits.OfGradients(whole), gradients, Tolerance.Rounding<double>());
    }

    [Fact]
    public void Backward_Alone_IsZeroBeforeTheLastStep()
    {
        var layer = new LastStepLayer<float>(2);
        layer.Forward(Draw.Sequence<float>(_random, 3, 1, 2)).Steps.Should().Be(1);
        layer.Backward(new Sequence<float>(1, 1, 2, [5, 7])).Values.ToArray().Should().Equal(0, 0, 0, 0, 5, 7);
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(1200, 1)]
    [InlineData(300, 3)]
    public void Infer_WithinANetwork_EqualsForwardAndTheLastOfTheSteps(int steps, int batch)
    {
        var network = new Network<double>(new LstmLayer<double>(3, 4), new LastStepLayer<double>(4), new DenseLayer<double>(4, 2));
        Sequence<double> input = Draw.Sequence<double>(_random, steps, batch, 3);
        Sequence<double> expected = network.Forward(input);
        LayerState<double> state = network.CreateState(batch);
        Close.To(network.Infer(input, state), expected, "output");
        Close.To(state, network.FinalState, "final state");

        state.Reset();
        var output = new Sequence<double>(1, batch, 2);
        for (int t = 0; t < steps; t++)
        {
            network.Step(input.Step(t), state, output.Values);
        }

        Close.To(output, expected, "output step by step");
    }

    [Fact]
    public void Forward_Loss_TakesOneStep()
    {
        var network = new Network<float>(new LstmLayer<float>(3, 4), new LastStepLayer<float>(4));
        var loss = new MeanSquaredError<float>();
        loss.Evaluate(network.Forward(new Sequence<float>(5, 2, 3)), new Sequence<float>(1, 2, 4)).Should().Be(0);
        network.Backward(loss.Gradient).Steps.Should().Be(5);
    }

    [Fact]
    public void Call_OtherNumberOfSteps_IsRefused()
    {
        var layer = new LastStepLayer<float>(2);
        var input = new Sequence<float>(3, 1, 2);
        layer.Forward(input);
        Refusal.Of<ArgumentException>(
            () => layer.Backward(new Sequence<float>(3, 1, 2)), "outputGradient", "1 steps × 1 sequences", "3 steps");
        Refusal.Of<ArgumentException>(
            () => layer.Infer(input, new Sequence<float>(3, 1, 2)), "output", "1 steps × 1 sequences", "3 steps");
        Refusal.Of<ArgumentOutOfRangeException>(() => new LastStepLayer<float>(0), "features", "at least 1", "0");
    }
}
