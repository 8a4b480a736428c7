using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>Sequences of different length, and with gaps, through layers of every kind, however they are put together.</summary>
public class MaskTests
{
    /// <summary>Levels of layers around layers.</summary>
    private const int MaxDepth = 4;

    [Fact]
    public void Train_RandomCompositions_EqualsEachSequenceAlone() => Property.ForAllShapes(
        shape =>
        {
            (Layer<double> layer, Sequence<double> input, LayerState<double> state) = Case(shape);
            StepMask mask = input.Mask!;
            Sequence<double> output = layer.Forward(input, state).Clone();
            output.Mask.Should().BeSameAs(layer.GivesOneStep ? null : mask);
            LayerState<double> final = layer.FinalState.Clone();
            var random = new Random(shape.Seed);
            Sequence<double> gradient = Draw.Sequence<double>(random, output.Steps, output.Batch, output.Features);
            if (!layer.GivesOneStep)
            {
                Masks.Spoil(gradient, mask, 0);
            }

            LayerState<double> finalGradient = Draw.State(random, layer, input.Batch);
            Sequence<double> inputGradient = layer.Backward(gradient, finalGradient).Clone();
            LayerState<double> initialGradient = layer.InitialStateGradient.Clone();
            double[] gradients = Bits.OfGradients(layer);

            layer.ZeroGradient();
            for (int b = 0; b < input.Batch; b++)
            {
                int[] steps = Masks.StepsOf(mask, b);
                int[] outputSteps = layer.GivesOneStep ? [0] : steps;
                LayerState<double> One(LayerState<double> whole) => Masks.Alone(whole, layer.CreateState(1), b);
                if (steps.Length == 0)
                {
                    Bits.Of(One(final)).Should().Equal(Bits.Of(One(state)), "nothing has happened");
                    (layer.GivesOneStep || Bits.Of(One(initialGradient)).SequenceEqual(Bits.Of(One(finalGradient))))
                        .Should().BeTrue("nothing has happened");
                }
                else
                {
                    Sequence<double> alone = Masks.Alone(input, b, steps);
                    Close.To(Masks.Alone(output, b, outputSteps), layer.Forward(alone, One(state)), "output");
                    Close.To(One(final), layer.FinalState, "final state");
                    Sequence<double> back = layer.Backward(Masks.Alone(gradient, b, outputSteps), One(finalGradient));
                    Close.To(Masks.Alone(inputGradient, b, steps), back, "input gradient");
                    Close.To(One(initialGradient), layer.InitialStateGradient, "gradient of the initial state");
                }

                for (int t = 0; t < input.Steps; t++)
                {
                    (mask[t, b] || inputGradient.At(t, b).IndexOfAnyExcept(0) < 0).Should().BeTrue("nothing depends on it");
                    (layer.GivesOneStep || t < mask.LengthOf(b) || output.At(t, b).IndexOfAnyExcept(0) < 0)
                        .Should().BeTrue("the sequence has ended");
                }
            }

            Close.Within(gradients, Bits.OfGradients(layer), Tolerance.Rounding<double>() * Math.Max(1, gradients.Max(Math.Abs)));
        },
        cases: 200);

    [Fact]
    public void Backward_RandomCompositions_EqualsFiniteDifferences() => Property.ForAllShapes(
        shape =>
        {
            (Layer<double> layer, Sequence<double> input, LayerState<double> state) = Case(shape);
            var options = new GradientCheckOptions { Seed = shape.Seed, MaximumElements = 3 };
            GradientReport report = GradientCheck.Run(layer, input, state, options);
            report.Passed.Should().BeTrue(report.ToString());
        },
        cases: 200);

    [Fact]
    public void Infer_RandomCompositions_EqualsForward() => Property.ForAllShapes(shape =>
    {
        (Layer<double> layer, Sequence<double> input, LayerState<double> state) = Case(shape);
        Sequence<double> expected = layer.Forward(input, state);
        Sequence<double> output = layer.Infer(input, state);
        Close.To(output, expected, "output");
        output.Mask.Should().BeSameAs(layer.GivesOneStep ? null : input.Mask);
        Close.To(state, layer.FinalState, "final state");
        layer.Infer(input, output);
        Close.To(output, layer.Forward(input, layer.CreateState(input.Batch)), "output without a state");
        output.Mask.Should().BeSameAs(layer.GivesOneStep ? null : input.Mask);
    });

    [Fact]
    public void Train_NaNWhereNothingIsValid_MakesNoDifference() => Property.ForAllShapes(shape =>
    {
        (Layer<double> layer, Sequence<double> input, LayerState<double> state) = Case(shape);
        double[] Run(double filling)
        {
            Masks.Spoil(input, input.Mask!, filling);
            double[] inferred = layer.Infer(input, state.Clone()).Values.ToArray();
            Sequence<double> output = layer.Forward(input, state);
            Sequence<double> gradient = output.Clone();
            if (!layer.GivesOneStep)
            {
                Masks.Spoil(gradient, input.Mask!, filling, gaps: false);
            }

            layer.ZeroGradient();
            double[] inputGradient = layer.Backward(gradient).Values.ToArray();
            return [.. inferred, .. output.Values, .. inputGradient, .. Bits.OfGradients(layer), .. Bits.Of(layer.FinalState)];
        }

        Run(double.NaN).Should().Equal(Run(0));
    });

    [Fact]
    public void Train_FullMask_IsAsNone() => Property.ForAllShapes(
        shape =>
        {
            (Layer<double> layer, Sequence<double> input, LayerState<double> state) = Case(shape);
            double[] Run(StepMask? mask)
            {
                input.Mask = mask;
                layer.ZeroGradient();
                Sequence<double> output = layer.Forward(input, state).Clone();
                return [.. output.Values, .. layer.Backward(output).Values, .. Bits.OfGradients(layer), .. layer.Infer(input).Values];
            }

            int[] lengths = [.. Enumerable.Repeat(input.Steps, input.Batch)];
            Run(StepMask.FromLengths(input.Steps, lengths)).Should().Equal(Run(null));
        },
        cases: 20);

    [Fact]
    public void Forward_Gap_RepeatsTheOutputAndCarriesItsGradient()
    {
        var random = new Random(1);
        var layer = new LstmLayer<double>(2, 3);
        Sequence<double> input = Draw.Sequence<double>(random, 5, 1, 2);
        input.Mask = StepMask.FromValues(5, 1, [false, true, false, true, false]);

        Sequence<double> output = layer.Forward(input);

        output.At(0, 0).ToArray().Should().AllBeEquivalentTo(0.0, "there is nothing before it");
        output.At(2, 0).ToArray().Should().Equal(output.At(1, 0).ToArray()).And.NotContain(0);
        output.At(4, 0).ToArray().Should().AllBeEquivalentTo(0.0, "the sequence has ended");
        double[] Gradient(int step)
        {
            layer.Forward(input);
            var gradient = new Sequence<double>(5, 1, 3);
            gradient.At(step, 0).Fill(1);
            return layer.Backward(gradient).Values.ToArray();
        }

        Gradient(2).Should().Equal(Gradient(1)).And.Contain(value => value != 0);
        Gradient(0).Should().AllBeEquivalentTo(0.0);
        Gradient(4).Should().AllBeEquivalentTo(0.0);
    }

    [Fact]
    public void Forward_Tokens_TakesAnythingAsPadding()
    {
        var network = new Network<float>(
            new EmbeddingLayer<float>(4, 3), new LstmLayer<float>(3, 3), new LastStepLayer<float>(3));
        var input = new Sequence<float>(3, 2, 1, [3, 0, 1, -1, -1, float.NaN]) { Mask = StepMask.FromLengths(3, 2, 1) };
        network.Backward(network.Forward(input));
        network.Infer(input);
        new OneHotLayer<float>(4).Forward(input)[1, 0, 1].Should().Be(1);

        input.Mask = StepMask.FromLengths(3, 2, 2);
        Refusal.Of<ArgumentOutOfRangeException>(() => network.Forward(input), "input", "element 3 is -1");
    }

    [Fact]
    public void Call_LayerWithoutSupport_IsRefused()
    {
        var inner = new DecayLayer(3);
        var input = new Sequence<double>(2, 2, 3) { Mask = StepMask.FromLengths(2, 1, 2) };
        Layer<double>[] layers =
        [
            inner, new Network<double>(new DenseLayer<double>(3, 3), inner), new ReverseLayer<double>(inner),
            new BidirectionalLayer<double>(new LstmLayer<double>(3, 3), inner), new ResidualLayer<double>(inner),
            new StatefulLayer<double>(inner),
        ];
        foreach (Layer<double> layer in layers)
        {
            layer.MaskSupport.Should().Be(MaskSupport.None);
            Refusal.Of<ArgumentException>(() => layer.Forward(input), "input", "mask", layer.ToString(), "MaskSupport");
            Refusal.Of<ArgumentException>(() => layer.Infer(input), "input", "mask");
            Refusal.Of<ArgumentException>(() => layer.Infer(input, new Sequence<double>(2, 2, layer.Outputs)), "input", "mask");
        }

        input.Mask = StepMask.FromLengths(2, 2, 2);
        layers[1].Forward(input).Mask.Should().BeSameAs(input.Mask, "a mask of valid steps alone asks for nothing");
        new Network<double>(new LastStepLayer<double>(3), inner).MaskSupport.Should().Be(MaskSupport.Full, "it gets no mask");
        new Network<double>(new DenseLayer<double>(3, 3), new DropoutLayer<double>(3, 0.5)).MaskSupport
            .Should().Be(MaskSupport.EachStep);
    }

    [Fact]
    public void Backward_OtherMaskThanForward_IsRefused()
    {
        var layer = new LstmLayer<float>(2, 3);
        var input = new Sequence<float>(2, 2, 2) { Mask = StepMask.FromLengths(2, 1, 2) };
        var gradient = new Sequence<float>(2, 2, 3);
        layer.Forward(input);
        input.Mask = null;
        Refusal.OutOfTurn(() => layer.Backward(gradient), "must stay", "another mask");
    }

    private static (Layer<double> Layer, Sequence<double> Input, LayerState<double> State) Case(Shape shape)
    {
        var random = new Random(shape.Seed);
        (int batch, int inputs, int outputs) = (1 + (shape.Batch % 4), 1 + (shape.Inputs % 5), 1 + (shape.Units % 6));
        Layer<double> layer = Composition.Draw<double>(random, inputs, outputs, 1 + random.Next(MaxDepth));
        Sequence<double> input = Draw.Sequence<double>(random, shape.Steps, batch, inputs);
        input.Mask = Masks.Draw(random, shape.Steps, batch, gaps: shape.Seed % 2 == 0);
        return (layer, input, Draw.State(random, layer, batch));
    }
}
