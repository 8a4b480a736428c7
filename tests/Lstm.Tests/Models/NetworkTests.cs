using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Models;

public class NetworkTests
{
    private readonly Random _random = new(1);

    [Fact]
    public void Backward_LstmsAndDense_EqualsFiniteDifferences()
    {
        var network = new Network<double>(
            new LstmLayer<double>(3, 4), new LstmLayer<double>(4, 2), new DenseLayer<double>(2, 5));
        Draw.Parameters(_random, network);
        Sequence<double> input = Draw.Sequence<double>(_random, 4, 3, 3);

        GradientReport report = GradientCheck.Run(network, input, Draw.State(_random, network, 3));

        report.Passed.Should().BeTrue(report.ToString());
        report.WorstByName.Select(worst => worst.Name).Should().EndWith(
            ["input", "initial 0.Hidden", "initial 0.Cell", "initial 1.Hidden", "initial 1.Cell"]);
        report.Elements.Should().Be(network.ParameterCount + (4 * 3 * 3) + (2 * 3 * (4 + 2)));
    }

    [Fact]
    public void Backward_OneHotFirst_EqualsFiniteDifferences()
    {
        var network = new Network<double>(
            new OneHotLayer<double>(5), new LstmLayer<double>(5, 4), new DenseLayer<double>(4, 5));
        Draw.Parameters(_random, network);
        var input = new Sequence<double>(4, 2, 1, [0, 4, 2, 2, 1, 3, 4, 0]);
        var options = new GradientCheckOptions { CheckInput = false };

        GradientReport report = GradientCheck.Run(network, input, Draw.State(_random, network, 2), options);

        report.Passed.Should().BeTrue(report.ToString());
    }

    [Fact]
    public void Backward_NetworkWithinANetwork_EqualsFiniteDifferences()
    {
        var inner = new Network<double>(new DenseLayer<double>(3, 4), new LstmLayer<double>(4, 2));
        var network = new Network<double>(inner, new DecayLayer(2), new DenseLayer<double>(2, 3));
        Draw.Parameters(_random, network);

        GradientReport report = GradientCheck.Run(
            network, Draw.Sequence<double>(_random, 3, 2, 3), Draw.State(_random, network, 2));

        report.Passed.Should().BeTrue(report.ToString());
        network.CreateState(1).ToString().Should().Be(
            "CompositeState<Double> of 0.1.Hidden 2 × 1, 0.1.Cell 2 × 1, 1.Sum 2 × 1");
    }

    [Fact]
    public void Train_RandomShapes_IsTheLayersOneAfterTheOther() => Property.ForAllShapes(shape =>
    {
        (Network<float> network, Sequence<float> input, CompositeState<float> state) = Case<float>(shape);
        (Network<float> same, _, _) = Case<float>(shape);
        var first = (LstmLayer<float>)same.Layers[0];
        var second = (DenseLayer<float>)same.Layers[1];
        Sequence<float> gradient = Draw.Sequence<float>(new Random(2), shape.Steps, shape.Batch, second.Outputs);

        float[] output = network.Forward(input, state).Values.ToArray();
        float[] inputGradient = network.Backward(gradient, state).Values.ToArray();

        second.Forward(first.Forward(input, state.Layers[0])).Values.ToArray().Should().Equal(output);
        first.Backward(second.Backward(gradient), state.Layers[0]).Values.ToArray().Should().Equal(inputGradient);
        Bits.OfGradients(network).Should().Equal(Bits.OfGradients(same));
        Bits.Of(network.FinalState).Should().Equal(Bits.Of(first.FinalState));
        Bits.Of(network.InitialStateGradient).Should().Equal(Bits.Of(first.InitialStateGradient));
    });

    [Fact]
    public void Infer_RandomShapes_EqualsForwardAndSteps() => Property.ForAllShapes(shape =>
    {
        (Network<double> network, Sequence<double> input, CompositeState<double> state) = Case<double>(shape);
        CompositeState<double> stepped = state.Clone();
        Sequence<double> expected = network.Forward(input, state);

        Close.To(network.Infer(input, state), expected, "output");
        Close.To(state, network.FinalState, "final state");
        var output = new Sequence<double>(shape.Steps, shape.Batch, network.Outputs);
        for (int t = 0; t < shape.Steps; t++)
        {
            network.Step(input.Step(t), stepped, output.Step(t));
        }

        Close.To(output, expected, "output step by step");
        Close.To(stepped, network.FinalState, "final state step by step");
        Close.To(network.Infer(input), network.Forward(input), "output without a state");
    });

    [Theory]
    [InlineData(1200, 1)]
    [InlineData(300, 3)]
    [InlineData(2, 700)]
    public void Infer_LongerThanAChunk_EqualsForward(int steps, int batch)
    {
        (Network<double> network, Sequence<double> input, CompositeState<double> state) =
            Case<double>(new Shape(steps, batch, 3, 4, 1));
        Sequence<double> expected = network.Forward(input, state);
        Close.To(network.Infer(input, state), expected, "output");
        Close.To(state, network.FinalState, "final state");
    }

    [Fact]
    public void Infer_ManyAtOnce_GivesWhatEachGivesAlone()
    {
        const int Streams = 8;
        (Network<float> network, _, _) = Case<float>(new Shape(1, 1, 5, 30, 1));
        float[] Run(int stream)
        {
            Sequence<float> input = Draw.Sequence<float>(new Random(stream), 20 + stream, 4, 5);
            LayerState<float> state = Draw.State(new Random(stream), network, 4);
            return [.. network.Infer(input, state).Values, .. network.Infer(input).Values, .. Bits.Of(state)];
        }

        Together.GivesTheSameAsAlone(Streams, Run);
    }

    [Fact]
    public void Train_Threads_GivesTheSameBits()
    {
        (Network<float> network, Sequence<float> input, CompositeState<float> state) =
            Case<float>(new Shape(6, 33, 20, 100, 1));
        Sequence<float> gradient = Draw.Sequence<float>(_random, 6, 33, network.Outputs);
        float[] Run(int threads)
        {
            network.Threads = threads;
            network.ZeroGradient();
            float[] output = network.Forward(input, state).Values.ToArray();
            float[] inputGradient = network.Backward(gradient).Values.ToArray();
            return [.. output, .. inputGradient, .. Bits.OfGradients(network), .. network.Infer(input, state.Clone()).Values];
        }

        float[] one = Run(1);
        Run(2).Should().Equal(one);
        Run(5).Should().Equal(one);
    }

    [Fact]
    public void Forward_FinalStateAsInitialState_ContinuesTheSequence()
    {
        (Network<float> network, Sequence<float> input, CompositeState<float> state) = Case<float>(new Shape(3, 2, 4, 5, 1));
        network.Forward(input, state);
        float[] expected = network.Forward(input, network.FinalState.Clone()).Values.ToArray();
        network.Forward(input, state);
        network.Forward(input, network.FinalState).Values.ToArray().Should().Equal(expected);
    }

    [Fact]
    public void Constructor_Layers_MakeTheWhole()
    {
        var lstm = new LstmLayer<float>(3, 4);
        var dense = new DenseLayer<float>(4, 6);
        var network = new Network<float>(lstm, dense);
        (network.Inputs, network.Outputs).Should().Be((3, 6));
        network.Layers.Should().Equal(lstm, dense);
        network.Parameters.Should().Equal([.. lstm.Parameters, .. dense.Parameters]);
        network.ParameterCount.Should().Be(lstm.ParameterCount + dense.ParameterCount);
    }

    [Fact]
    public void Constructor_ListChangedAfterwards_HasNoEffect()
    {
        List<Layer<float>> layers = [new DenseLayer<float>(2, 3), new DenseLayer<float>(3, 4)];
        var network = new Network<float>(layers);
        layers.Clear();
        network.Layers.Should().HaveCount(2);
    }

    [Fact]
    public void Threads_Set_ReachesEveryLayer()
    {
        var network = new Network<float>(new LstmLayer<float>(3, 4), new DenseLayer<float>(4, 6)) { Threads = 3 };
        network.Layers.Select(layer => layer.Threads).Should().Equal(3, 3);
        Refusal.Of<ArgumentOutOfRangeException>(() => network.Threads = 0, "Threads", "at least 1", "0");
        network.Layers.Select(layer => layer.Threads).Should().Equal(3, 3);
    }

    [Fact]
    public void State_Parts_AreTheLayersOwn()
    {
        var network = new Network<float>(new LstmLayer<float>(3, 4), new DenseLayer<float>(4, 6), new LstmLayer<float>(6, 2));
        var state = (CompositeState<float>)network.CreateState(5);
        state.Layers.Select(layer => layer.Parts.Count).Should().Equal(2, 0, 2);
        ((LstmState<float>)state.Layers[2]).Cell[1, 4] = 7;
        state.Parts[3].Value[1, 4].Should().Be(7);
        state.ToString().Should().Be(
            "CompositeState<Single> of 0.Hidden 4 × 5, 0.Cell 4 × 5, 2.Hidden 2 × 5, 2.Cell 2 × 5");

        CompositeState<float> clone = state.Clone();
        state.Reset();
        ((LstmState<float>)clone.Layers[2]).Cell[1, 4].Should().Be(7);
        ((LstmState<float>)state.Layers[2]).Cell[1, 4].Should().Be(0);
    }

    [Fact]
    public void Forward_StateOfAnotherNetwork_IsRefused()
    {
        var network = new Network<float>(new LstmLayer<float>(3, 3), new DenseLayer<float>(3, 3));
        Layer<float>[] others =
        [
            new Network<float>(new DenseLayer<float>(3, 3), new LstmLayer<float>(3, 3)),
            new Network<float>(new LstmLayer<float>(3, 3)),
            new Network<float>(new LstmLayer<float>(3, 3), new DenseLayer<float>(3, 3), new DenseLayer<float>(3, 3)),
            new Network<float>(new Network<float>(new LstmLayer<float>(3, 3)), new DenseLayer<float>(3, 3)),
            new Network<float>(new LstmLayer<float>(3, 4), new DenseLayer<float>(4, 3)),
            new LstmLayer<float>(3, 3),
        ];
        CompositeState<float> own = (CompositeState<float>)network.CreateState(2);
        foreach (LayerState<float> state in others.Select(other => other.CreateState(2)))
        {
            Refusal.Of<ArgumentException>(() => network.Forward(new Sequence<float>(1, 2, 3), state), "initialState");
            Refusal.Of<ArgumentException>(() => network.Infer(new Sequence<float>(1, 2, 3), state), "state");
            Refusal.Of<ArgumentException>(() => own.CopyFrom(state), "other");
        }

        own.CopyFrom(new Network<float>(new LstmLayer<float>(9, 3), new DenseLayer<float>(3, 8)).CreateState(2));
        network.Forward(new Sequence<float>(1, 2, 3), own);
    }

    [Fact]
    public void Forward_NoToken_IsRefused()
    {
        var network = new Network<float>(new OneHotLayer<float>(3), new DenseLayer<float>(3, 2));
        var input = new Sequence<float>(1, 2, 1, [2, 3]);
        Refusal.Of<ArgumentOutOfRangeException>(() => network.Forward(input), "input", "from 0 to 2", "3");
        Refusal.Of<ArgumentOutOfRangeException>(() => network.Infer(input), "input", "from 0 to 2", "3");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => network.Step(input.Values, network.CreateState(2), new float[4]), "input", "from 0 to 2", "3");
    }

    [Fact]
    public void Constructor_BadLayers_IsRefused()
    {
        var dense = new DenseLayer<float>(3, 3);
        Refusal.Of<ArgumentNullException>(() => new Network<float>(null!), "layers");
        Refusal.Of<ArgumentNullException>(() => new Network<float>(dense, null!), "layers[1]");
        Refusal.Of<ArgumentException>(() => new Network<float>(), "layers", "at least one layer");
        Refusal.Of<ArgumentException>(() => new Network<float>(dense, new DenseLayer<float>(3, 3), dense), "layers", "at 2");
        Refusal.Of<ArgumentException>(
            () => new Network<float>(dense, new LstmLayer<float>(4, 2)), "layers", "layer 1", $"{dense}", "4 → 2");
    }

    [Fact]
    public void ToString_Network_HasALineForEachLayer()
    {
        Layer<float>[] layers = [new OneHotLayer<float>(27), new LstmLayer<float>(27, 32), new DenseLayer<float>(32, 27)];
        string[] lines = new Network<float>(layers).ToString().Split(Environment.NewLine);
        lines.Should().Equal(
            "Network<Single> 1 → 27, 8571 parameters", $"  {layers[0]}", $"  {layers[1]}", $"  {layers[2]}");
    }

    [Fact]
    public void ToString_NetworkWithinANetwork_IsOneLevelFurtherIn()
    {
        Layer<float>[] layers = [new OneHotLayer<float>(27), new LstmLayer<float>(27, 32), new DenseLayer<float>(32, 27)];
        var inner = new Network<float>(layers[..2]);
        string[] lines = new Network<float>(inner, layers[2]).ToString().Split(Environment.NewLine);
        lines[1..].Should().Equal("  Network<Single> 1 → 32, 7680 parameters", $"    {layers[0]}", $"    {layers[1]}", $"  {layers[2]}");
    }

    private static (Network<T> Network, Sequence<T> Input, CompositeState<T> State) Case<T>(Shape shape)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(shape.Seed);
        var network = new Network<T>(
            new LstmLayer<T>(shape.Inputs, shape.Units), new DenseLayer<T>(shape.Units, (shape.Units % 7) + 1));
        Draw.Parameters(random, network);
        return (
            network,
            Draw.Sequence<T>(random, shape.Steps, shape.Batch, shape.Inputs),
            (CompositeState<T>)Draw.State(random, network, shape.Batch));
    }
}
