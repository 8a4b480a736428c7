using Lstm.Layers;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>What must come out the same whichever way the steps and sequences are handed over.</summary>
public class LstmLayerSequenceTests
{
    [Fact]
    public void Forward_InTwoParts_EqualsAllAtOnce() => Property.ForAllShapes(shape =>
    {
        var given = new LstmCase<double>(shape with { Steps = shape.Steps + 1 });
        int first = 1 + (shape.Seed % shape.Steps);
        Sequence<double> output = given.Layer.Forward(given.Input, given.InitialState).Clone();
        LstmState<double> final = given.Layer.FinalState.Clone();

        Sequence<double> start = given.Layer.Forward(Part(given.Input, 0, first), given.InitialState).Clone();
        Sequence<double> rest = given.Layer.Forward(Part(given.Input, first, given.Input.Steps), given.Layer.FinalState);

        Close.To(start, Part(output, 0, first), "first part");
        Close.To(rest, Part(output, first, output.Steps), "second part");
        Close.To(given.Layer.FinalState, final, "final state");
    });

    [Fact]
    public void Backward_InTwoParts_EqualsAllAtOnce() => Property.ForAllShapes(shape =>
    {
        var given = new LstmCase<double>(shape with { Steps = shape.Steps + 1 });
        int first = 1 + (shape.Seed % shape.Steps);
        given.Layer.Forward(given.Input, given.InitialState);
        Sequence<double> inputGradient = given.Layer.Backward(given.OutputGradient, given.FinalStateGradient).Clone();
        LstmState<double> initialGradient = given.Layer.InitialStateGradient.Clone();

        // A second layer of the same weights, so that each has the cache of its own part.
        var other = new LstmCase<double>(shape with { Steps = shape.Steps + 1 });
        LstmLayer<double> early = other.Layer;
        LstmLayer<double> late = new LstmCase<double>(shape with { Steps = shape.Steps + 1 }).Layer;
        early.Forward(Part(given.Input, 0, first), given.InitialState);
        late.Forward(Part(given.Input, first, given.Input.Steps), early.FinalState);
        Sequence<double> lateGradient =
            late.Backward(Part(given.OutputGradient, first, given.Input.Steps), given.FinalStateGradient);
        Sequence<double> earlyGradient = early.Backward(Part(given.OutputGradient, 0, first), late.InitialStateGradient);

        Close.To(earlyGradient, Part(inputGradient, 0, first), "input gradient of the first part");
        Close.To(lateGradient, Part(inputGradient, first, inputGradient.Steps), "input gradient of the second part");
        Close.To(early.InitialStateGradient, initialGradient, "gradient of the initial state");
        for (int n = 0; n < 3; n++)
        {
            Close.To(
                early.Parameters[n].Gradient + late.Parameters[n].Gradient,
                given.Layer.Parameters[n].Gradient,
                $"gradient of {given.Layer.Parameters[n]}");
        }
    });

    [Fact]
    public void Step_EveryStep_EqualsForward() => Property.ForAllShapes(shape =>
    {
        var given = new LstmCase<double>(shape);
        Sequence<double> expected = given.Layer.Forward(given.Input, given.InitialState);
        var output = new Sequence<double>(shape.Steps, shape.Batch, shape.Units);
        for (int t = 0; t < shape.Steps; t++)
        {
            given.Layer.Step(given.Input.Step(t), given.InitialState, output.Step(t));
        }

        Close.To(output, expected, "output");
        Close.To(given.InitialState, given.Layer.FinalState, "final state");
    });

    [Fact]
    public void Infer_Sequence_EqualsForward() => Property.ForAllShapes(shape =>
    {
        var given = new LstmCase<float>(shape);
        Sequence<float> expected = given.Layer.Forward(given.Input, given.InitialState);
        LstmState<float> state = given.InitialState.Clone();
        var output = new Sequence<float>(shape.Steps, shape.Batch, shape.Units);

        Close.To(given.Layer.Infer(given.Input, given.InitialState), expected, "output");
        Close.To(given.InitialState, given.Layer.FinalState, "final state");
        given.Layer.Infer(given.Input, output, state);
        Close.To(output, expected, "output into a given sequence");
        Close.To(state, given.Layer.FinalState, "final state");
    });

    [Fact]
    public void Train_BatchTogether_EqualsSingly() => Property.ForAllShapes(
        shape =>
        {
            var given = new LstmCase<double>(shape);
            Sequence<double> output = given.Layer.Forward(given.Input, given.InitialState).Clone();
            Sequence<double> inputGradient = given.Layer.Backward(given.OutputGradient, given.FinalStateGradient).Clone();
            LstmState<double> initialGradient = given.Layer.InitialStateGradient.Clone();
            double[][] gradients = [.. given.Layer.Parameters.Select(parameter => parameter.Gradients.ToArray())];

            LstmLayer<double> layer = given.Layer;
            layer.ZeroGradient();
            for (int b = 0; b < shape.Batch; b++)
            {
                Close.To(layer.Forward(Single(given.Input, b), Single(given.InitialState, b)), Single(output, b), "output");
                Sequence<double> gradient =
                    layer.Backward(Single(given.OutputGradient, b), Single(given.FinalStateGradient, b));
                Close.To(gradient, Single(inputGradient, b), "input gradient");
                Close.To(layer.InitialStateGradient, Single(initialGradient, b), "gradient of the initial state");
            }

            for (int n = 0; n < 3; n++)
            {
                var expected = new Sequence<double>(1, 1, gradients[n].Length, gradients[n]);
                var sum = new Sequence<double>(1, 1, gradients[n].Length, layer.Parameters[n].Gradients.ToArray());
                Close.To(sum, expected, $"gradient of {layer.Parameters[n]}");
            }
        },
        cases: 30);

    [Fact]
    public void Train_NoState_EqualsZeros() => Property.ForAllShapes(shape =>
    {
        var given = new LstmCase<float>(shape);
        LstmLayer<float> layer = given.Layer;
        float[] Run(LstmState<float>? state, LstmState<float>? finalGradient)
        {
            layer.ZeroGradient();
            float[] output = layer.Forward(given.Input, state).Values.ToArray();
            float[] inputGradient = layer.Backward(given.OutputGradient, finalGradient).Values.ToArray();
            return [.. output, .. inputGradient, .. Bits.OfGradients(layer), .. Bits.Of(layer.InitialStateGradient)];
        }

        float[] expected = Run(layer.CreateState(shape.Batch), layer.CreateState(shape.Batch));
        Run(given.InitialState, given.FinalStateGradient).Should().NotEqual(expected, "a state has an effect");
        Run(null, null).Should().Equal(expected);
        Close.To(layer.Infer(given.Input), layer.Infer(given.Input, layer.CreateState(shape.Batch)), "inferred output");
    });

    [Fact]
    public void Backward_Twice_AddsUp() => Property.ForAllShapes(shape =>
    {
        var first = new LstmCase<double>(shape);
        var second = new LstmCase<double>(shape with { Steps = (shape.Steps % 4) + 1, Seed = shape.Seed / 2 });
        LstmLayer<double> layer = first.Layer;
        double[] Gradients(params LstmCase<double>[] passes)
        {
            layer.ZeroGradient();
            Bits.OfGradients(layer).Should().OnlyContain(gradient => gradient == 0);
            foreach (LstmCase<double> pass in passes)
            {
                layer.Forward(pass.Input, pass.InitialState);
                layer.Backward(pass.OutputGradient, pass.FinalStateGradient);
            }

            return Bits.OfGradients(layer);
        }

        double[] sum = [.. Gradients(first).Zip(Gradients(second), (one, other) => one + other)];
        double[] both = Gradients(first, second);
        Close.To(new Sequence<double>(1, 1, sum.Length, both), new Sequence<double>(1, 1, sum.Length, sum), "gradients");
    });

    [Fact]
    public void Train_SameSeed_GivesTheSameBits() => Property.ForAllShapes(shape =>
    {
        var one = new LstmCase<float>(shape);
        var other = new LstmCase<float>(shape);
        one.Train();
        other.Train();
        one.Train();
        other.Train();
        Everything(one).Should().Equal(Everything(other));
    });

    [Fact]
    public void Train_Float_IsCloseToDouble() => Property.ForAllShapes(shape =>
    {
        var single = new LstmCase<float>(shape);
        var exact = new LstmCase<double>(shape);
        Close.To(
            new Sequence<float>(1, 1, (int)single.Layer.ParameterCount, Bits.OfValues(single.Layer)),
            new Sequence<float>(1, 1, (int)exact.Layer.ParameterCount, [.. Bits.OfValues(exact.Layer).Select(x => (float)x)]),
            "weights of one seed");
        single.Train();
        exact.Train();
        Close.To(
            new Sequence<float>(1, 1, Everything(single).Length, Everything(single)),
            new Sequence<float>(1, 1, Everything(single).Length, [.. Everything(exact).Select(x => (float)x)]),
            "gradients");
    });

    [Fact]
    public void Forward_FinalStateAsInitialState_ContinuesTheSequence()
    {
        var given = new LstmCase<float>(new Shape(3, 4, 5, 6, 1));
        LstmLayer<float> layer = given.Layer;
        layer.Forward(given.Input, given.InitialState);
        LstmState<float> copy = layer.FinalState.Clone();
        float[] expected = layer.Forward(given.Input, copy).Values.ToArray();
        layer.Backward(given.OutputGradient);
        float[] gradients = Bits.OfGradients(layer);

        // Now with the layer's own state, which the pass overwrites.
        layer.ZeroGradient();
        layer.Forward(given.Input, given.InitialState);
        layer.Forward(given.Input, layer.FinalState).Values.ToArray().Should().Equal(expected);
        layer.Backward(given.OutputGradient);
        Bits.OfGradients(layer).Should().Equal(gradients);
    }

    [Fact]
    public void Forward_ChangingShapes_GivesWhatAFreshLayerGives()
    {
        LstmLayer<double> layer = new LstmCase<double>(new Shape(1, 1, 5, 7, 1)).Layer;
        foreach ((int steps, int batch) in new[] { (3, 4), (9, 2), (1, 1), (2, 30), (3, 4) })
        {
            var given = new LstmCase<double>(new Shape(steps, batch, 5, 7, 1));
            given.Train();
            layer.ZeroGradient();
            layer.Forward(given.Input, given.InitialState);
            layer.Backward(given.OutputGradient, given.FinalStateGradient);
            Bits.OfGradients(layer).Should().Equal(Bits.OfGradients(given.Layer));
            Bits.Of(layer.InitialStateGradient).Should().Equal(Bits.Of(given.Layer.InitialStateGradient));
        }
    }

    [Fact]
    public void Forward_WeightsChanged_UsesThem()
    {
        var given = new LstmCase<double>(new Shape(3, 2, 4, 5, 1));
        var changed = new LstmCase<double>(new Shape(3, 2, 4, 5, 2));
        given.Train();
        given.Layer.Infer(given.Input);
        for (int n = 0; n < 3; n++)
        {
            changed.Layer.Parameters[n].Values.CopyTo(given.Layer.Parameters[n].Values);
        }

        given.Layer.Forward(given.Input).Values.ToArray().Should().Equal(
            changed.Layer.Forward(given.Input).Values.ToArray());
        given.Layer.Infer(given.Input).Values.ToArray().Should().Equal(
            changed.Layer.Infer(given.Input).Values.ToArray());
    }

    [Fact]
    public void Train_Any_LeavesItsArgumentsAsTheyWere()
    {
        var given = new LstmCase<float>(new Shape(3, 4, 5, 6, 1));
        float[][] Arguments() =>
        [
            given.Input.Values.ToArray(), Bits.Of(given.InitialState),
            given.OutputGradient.Values.ToArray(), Bits.Of(given.FinalStateGradient), Bits.OfValues(given.Layer),
        ];
        float[][] before = Arguments();
        given.Train();
        Arguments().Should().BeEquivalentTo(before, options => options.WithStrictOrdering());
    }

    private static T[] Everything<T>(LstmCase<T> given)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        [
            .. Bits.OfGradients(given.Layer),
            .. Bits.Of(given.Layer.FinalState),
            .. Bits.Of(given.Layer.InitialStateGradient),
        ];

    private static Sequence<double> Part(Sequence<double> all, int from, int to)
    {
        int step = all.Batch * all.Features;
        return new(to - from, all.Batch, all.Features, all.Values[(from * step)..(to * step)].ToArray());
    }

    private static Sequence<double> Single(Sequence<double> all, int sequence)
    {
        var one = new Sequence<double>(all.Steps, 1, all.Features);
        for (int t = 0; t < all.Steps; t++)
        {
            all.At(t, sequence).CopyTo(one.At(t, 0));
        }

        return one;
    }

    private static LstmState<double> Single(LstmState<double> all, int sequence) =>
        new(all.Hidden.SubMatrix(0, all.Hidden.RowCount, sequence, 1), all.Cell.SubMatrix(0, all.Cell.RowCount, sequence, 1));
}
