using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

public class StatefulLayerTests
{
    private readonly Random _random = new(1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(12)]
    public void Forward_Chunks_EqualsTheWhole(int length)
    {
        const int Steps = 12;
        var lstm = new LstmLayer<double>(3, 4);
        var network = new Network<double>(new StatefulLayer<double>(lstm), new DenseLayer<double>(4, 2));
        Sequence<double> input = Draw.Sequence<double>(_random, Steps, 2, 3);
        Sequence<double> expected = new Network<double>(lstm, network.Layers[1]).Forward(input).Clone();
        LayerState<double> final = lstm.FinalState.Clone();

        var output = new Sequence<double>(Steps, 2, 2);
        for (int t = 0; t < Steps; t += length)
        {
            Sequence<double> chunk = network.Forward(Cut(input, t, length));
            chunk.Values.CopyTo(output.Values[(t * 4)..]);
            network.Backward(chunk);
        }

        Close.To(output, expected, "output");
        Close.To(((StatefulLayer<double>)network.Layers[0]).State!, final, "state");
    }

    [Fact]
    public void Backward_SecondChunk_EqualsThatOfTheInnerLayerFromTheState()
    {
        var lstm = new LstmLayer<double>(3, 4);
        var layer = new StatefulLayer<double>(lstm);
        Sequence<double> input = Draw.Sequence<double>(_random, 4, 2, 3);
        Sequence<double> gradient = Draw.Sequence<double>(_random, 4, 2, 4);
        layer.Forward(input);
        LayerState<double> state = layer.State!.Clone();
        layer.Forward(input);
        double[] inputGradient = layer.Backward(gradient).Values.ToArray();
        double[] gradients = Bits.OfGradients(layer);

        layer.ZeroGradient();
        lstm.Forward(input, state);
        lstm.Backward(gradient).Values.ToArray().Should().Equal(inputGradient);
        Bits.OfGradients(lstm).Should().Equal(gradients);
    }

    [Fact]
    public void Forward_InitialState_ReplacesItsOwn()
    {
        var layer = new StatefulLayer<float>(new LstmLayer<float>(3, 4));
        Sequence<float> input = Draw.Sequence<float>(_random, 4, 2, 3);
        LayerState<float> state = Draw.State(_random, layer, 2);
        float[] before = Bits.Of(state);
        float[] expected = layer.Forward(input, state).Values.ToArray();
        layer.Forward(input).Values.ToArray().Should().NotEqual(expected);
        layer.Forward(input, state).Values.ToArray().Should().Equal(expected);
        Bits.Of(layer.State!).Should().Equal(Bits.Of(layer.FinalState));
        Bits.Of(state).Should().Equal(before);
    }

    [Fact]
    public void State_Set_IsCopiedAndStartedFrom()
    {
        var layer = new StatefulLayer<float>(new LstmLayer<float>(3, 4));
        Sequence<float> input = Draw.Sequence<float>(_random, 4, 2, 3);
        LayerState<float> state = Draw.State(_random, layer, 2);
        float[] expected = layer.Inner.Infer(input, state.Clone()).Values.ToArray();
        layer.State.Should().BeNull();
        layer.State = state;
        state.Reset();
        layer.Forward(input).Values.ToArray().Should().Equal(expected);

        layer.State = null;
        layer.Forward(input).Values.ToArray().Should().Equal(layer.Inner.Infer(input).Values.ToArray());
    }

    [Fact]
    public void Reset_AllOrOneSequence_StartsAtZeros()
    {
        var layer = new StatefulLayer<float>(new LstmLayer<float>(3, 4));
        Sequence<float> input = Draw.Sequence<float>(_random, 4, 2, 3);
        float[] first = layer.Forward(input).Values.ToArray();
        float[] second = layer.Forward(input).Values.ToArray();

        layer.Reset();
        layer.State.Should().BeNull();
        layer.Forward(input).Values.ToArray().Should().Equal(first);

        float[] final = Bits.Of(layer.FinalState);
        layer.Reset(1);
        Bits.Of(layer.FinalState).Should().Equal(final, "that is what the last pass gave");
        Sequence<float> output = layer.Forward(input);
        var (all, zero) = (new Sequence<float>(4, 2, 4, second), new Sequence<float>(4, 2, 4, first));
        for (int t = 0; t < 4; t++)
        {
            output.At(t, 0).ToArray().Should().Equal(all.At(t, 0).ToArray());
            output.At(t, 1).ToArray().Should().Equal(zero.At(t, 1).ToArray());
        }
    }

    [Fact]
    public void Infer_BetweenChunks_DoesNotTouchTheState()
    {
        var layer = new StatefulLayer<float>(new LstmLayer<float>(3, 4));
        Sequence<float> input = Draw.Sequence<float>(_random, 4, 2, 3);
        layer.Forward(input);
        float[] state = Bits.Of(layer.State!);
        layer.Infer(input).Values.ToArray().Should().Equal(layer.Inner.Infer(input).Values.ToArray());
        layer.Step(input.Step(0), layer.CreateState(2), new float[8]);
        Bits.Of(layer.State!).Should().Equal(state);
    }

    [Fact]
    public void Forward_AnotherBatch_IsRefusedUntilReset()
    {
        var layer = new StatefulLayer<float>(new LstmLayer<float>(3, 4));
        Sequence<float> input = Draw.Sequence<float>(_random, 4, 2, 3);
        var other = new Sequence<float>(4, 5, 3);
        layer.Forward(input);
        float[] state = Bits.Of(layer.State!);

        Refusal.OutOfTurn(() => layer.Forward(other), "2 sequences", "of 5", "Reset");
        Bits.Of(layer.State!).Should().Equal(state);
        layer.Backward(new Sequence<float>(4, 2, 4));
        layer.Reset();
        layer.Forward(other).Batch.Should().Be(5);
        layer.Forward(input, layer.CreateState(2)).Batch.Should().Be(2);
    }

    [Fact]
    public void Call_BadArgument_IsRefused()
    {
        var layer = new StatefulLayer<float>(new LstmLayer<float>(3, 4));
        Refusal.OutOfTurn(() => layer.Reset(0), "Forward", "zero");
        layer.Forward(new Sequence<float>(1, 2, 3));
        Refusal.Of<ArgumentOutOfRangeException>(() => layer.Reset(2), "sequence", "from 0 to 1", "2");
        Refusal.Of<ArgumentException>(
            () => layer.State = new LstmState<float>(5, 2), "State", "Hidden 4 × 2", "Hidden 5 × 2");
        layer.State!.Batch.Should().Be(2);
        Refusal.Of<ArgumentNullException>(() => new StatefulLayer<float>(null!), "inner");
        Refusal.Of<ArgumentException>(
            () => new StatefulLayer<float>(new ReverseLayer<float>(new LstmLayer<float>(3, 4))), "inner", "causal", "ReverseLayer");
    }

    private static Sequence<double> Cut(Sequence<double> sequence, int start, int count) =>
        Sequence<double>.FromMatrices([.. sequence.ToMatrices().Skip(start).Take(count)]);
}
