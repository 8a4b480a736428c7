using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests.Layers;

public class BidirectionalLayerTests
{
    private readonly Random _random = new(1);

    public static TheoryData<Merge> Merges => [.. Enum.GetValues<Merge>()];

    [Theory]
    [MemberData(nameof(Merges))]
    public void Train_RandomShapes_IsTwoLayersAndTwoReversals(Merge merge) => Property.ForAllShapes(
        shape =>
        {
            var given = new LstmCase<double>(shape);
            var other = new LstmCase<double>(shape with { Seed = shape.Seed + 1 });
            var layer = new BidirectionalLayer<double>(given.Layer, other.Layer, merge);
            var state = (CompositeState<double>)layer.CreateState(shape.Batch);
            state.Layers[0].CopyFrom(given.InitialState);
            state.Layers[1].CopyFrom(other.InitialState);
            Sequence<double> gradient =
                Draw.Sequence<double>(new Random(shape.Seed), shape.Steps, shape.Batch, layer.Outputs);

            Sequence<double> output = layer.Forward(given.Input, state).Clone();
            Sequence<double> inputGradient = layer.Backward(gradient, state).Clone();
            double[] gradients = Bits.OfGradients(layer);
            var final = (CompositeState<double>)layer.FinalState.Clone();
            layer.ZeroGradient();

            Matrix<double> f = given.Layer.Forward(given.Input, given.InitialState).ToColumns();
            Matrix<double> b = Reversal.Of(other.Layer.Forward(Reversal.Of(given.Input), other.InitialState)).ToColumns();
            Matrix<double> dy = gradient.ToColumns();
            int units = shape.Units;
            (Matrix<double> merged, Matrix<double> df, Matrix<double> db) = merge switch
            {
                Merge.Concatenate =>
                    (f.Stack(b), dy.SubMatrix(0, units, 0, dy.ColumnCount), dy.SubMatrix(units, units, 0, dy.ColumnCount)),
                Merge.Sum => (f + b, dy, dy),
                Merge.Average => ((f + b) / 2, dy / 2, dy / 2),
                _ => (f.PointwiseMultiply(b), dy.PointwiseMultiply(b), dy.PointwiseMultiply(f)),
            };
            Close.To(output.ToColumns(), merged, "output");
            Close.To(final.Layers[0], given.Layer.FinalState, "final state");
            Close.To(final.Layers[1], other.Layer.FinalState, "final state of the reverse");

            Matrix<double> dx = given.Layer.Backward(
                Sequence<double>.FromColumns(df, shape.Batch), given.InitialState).ToColumns();
            Sequence<double> reversed = other.Layer.Backward(
                Reversal.Of(Sequence<double>.FromColumns(db, shape.Batch)), other.InitialState);
            Close.To(inputGradient.ToColumns(), dx + Reversal.Of(reversed).ToColumns(), "input gradient");
            Bits.OfGradients(layer).Should().Equal(gradients);
        },
        cases: 25);

    [Fact]
    public void Train_LastStepOfEach_GivesBothFinalStates()
    {
        var forward = new LstmLayer<double>(3, 4, seed: 1);
        var backward = new LstmLayer<double>(3, 4, seed: 2);
        var layer = new BidirectionalLayer<double>(
            new Network<double>(forward, new LastStepLayer<double>(4)),
            new Network<double>(backward, new LastStepLayer<double>(4)));
        Sequence<double> input = Draw.Sequence<double>(_random, 5, 2, 3);
        double[] output = layer.Forward(input).Values.ToArray();
        output.Should().Equal(forward.FinalState.Hidden.Stack(backward.FinalState.Hidden).ToColumnMajorArray());
        layer.Infer(input).Values.ToArray().Should().Equal(output);

        GradientReport report = GradientCheck.Run(layer, input, Draw.State(_random, layer, 2));
        report.Passed.Should().BeTrue(report.ToString());
    }

    [Fact]
    public void Constructor_Layers_MakeTheWhole()
    {
        var forward = new LstmLayer<float>(3, 4);
        var backward = new LstmLayer<float>(3, 4);
        var layer = new BidirectionalLayer<float>(forward, backward);
        (layer.Inputs, layer.Outputs, layer.Merge, layer.IsCausal).Should().Be((3, 8, Merge.Concatenate, false));
        (layer.ForwardLayer, layer.BackwardLayer).Should().Be((forward, backward));
        layer.Parameters.Should().Equal([.. forward.Parameters, .. backward.Parameters]);
        new BidirectionalLayer<float>(forward, backward, Merge.Sum).Outputs.Should().Be(4);
        layer.CreateState(5).ToString().Should().Be(
            "CompositeState<Single> of Forward.Hidden 4 × 5, Forward.Cell 4 × 5, Backward.Hidden 4 × 5, Backward.Cell 4 × 5");
        layer.CreateState(5).Clone().ToString().Should().Be(layer.CreateState(5).ToString());
    }

    [Fact]
    public void Constructor_BadArgument_IsRefused()
    {
        var layer = new LstmLayer<float>(3, 4);
        Refusal.Of<ArgumentNullException>(() => new BidirectionalLayer<float>(null!, layer), "forward");
        Refusal.Of<ArgumentNullException>(() => new BidirectionalLayer<float>(layer, null!), "backward");
        Refusal.Of<ArgumentException>(() => new BidirectionalLayer<float>(layer, layer), "backward", "another layer", "the same");
        Refusal.Of<ArgumentException>(
            () => new BidirectionalLayer<float>(layer, new LstmLayer<float>(2, 4)), "backward", "3 → 4", "2 → 4");
        Refusal.Of<ArgumentException>(
            () => new BidirectionalLayer<float>(layer, new LstmLayer<float>(3, 5)), "backward", "3 → 4", "3 → 5");
        Refusal.Of<ArgumentException>(
            () => new BidirectionalLayer<float>(
                layer, new Network<float>(new LstmLayer<float>(3, 4), new LastStepLayer<float>(4))),
            "backward",
            "single step");
        Refusal.Of<ArgumentException>(
            () => new BidirectionalLayer<float>(layer, new StatefulLayer<float>(new LstmLayer<float>(3, 4))),
            "backward",
            "StatefulLayer",
            "reverse");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => new BidirectionalLayer<float>(layer, new LstmLayer<float>(3, 4), (Merge)4), "merge", "Multiply", "4");
    }

    [Fact]
    public void Forward_StateOfAnotherLayer_IsRefused()
    {
        var layer = new BidirectionalLayer<float>(new LstmLayer<float>(3, 4), new LstmLayer<float>(3, 4));
        var input = new Sequence<float>(2, 2, 3);
        foreach (LayerState<float> state in new[]
            {
                new LstmState<float>(4, 2),
                new Network<float>(new LstmLayer<float>(3, 4)).CreateState(2),
                new Network<float>(new LstmLayer<float>(3, 5), new LstmLayer<float>(5, 4)).CreateState(2),
                layer.CreateState(3),
            })
        {
            Refusal.Of<ArgumentException>(() => layer.Forward(input, state), "initialState", "Forward.Hidden 4 × 2");
            Refusal.Of<ArgumentException>(() => layer.Infer(input, state), "state", "Forward.Hidden 4 × 2");
        }
    }
}
