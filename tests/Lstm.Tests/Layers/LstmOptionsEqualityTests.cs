using System.Numerics;
using Lstm.Layers;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>What must be equal by construction: an option that changes nothing, and two ways to compute the same.</summary>
public class LstmOptionsEqualityTests
{
    private const int Units = 7;
    private const int Inputs = 5;

    /// <summary>So small that nothing is ever drawn, though the masks are.</summary>
    private const double Never = 1e-30;

    public static TheoryData<string> Idle => [.. Idles.Keys];

    private static Dictionary<string, LstmOptions> Idles { get; } = new()
    {
        ["zero peepholes"] = new() { Peepholes = true, PeepholeInitializer = Initializer.Zeros },
        ["projection by the identity"] = new() { Projection = Units },
        ["wide cell clip"] = new() { CellClip = 1e6 },
        ["wide gate clip"] = new() { GateClip = 1e6 },
        ["input dropout of nothing"] = new() { InputDropout = Never },
        ["recurrent dropout of nothing"] = new() { RecurrentDropout = Never },
        ["dropout of nothing, per gate"] = new() { InputDropout = Never, RecurrentDropout = Never, DropoutPerGate = true },
        ["hidden zoneout of nothing"] = new() { HiddenZoneout = Never },
        ["cell zoneout of nothing"] = new() { CellZoneout = Never },
        ["functions spelt out"] = new() { CandidateActivation = Activation.ScaledTanh(1, 1), OutputActivation = Activation.ScaledTanh(1, 1) },
        ["initial state of zeros"] = new() { LearnInitialState = true },
        ["look-back of all steps"] = new() { LookBack = 100 },
    };

    [Fact]
    public void Train_GeneralEngine_EqualsPlainEngine() => Property.ForAllShapes(shape =>
    {
        GeneralEqualsPlain<double>(shape);
        GeneralEqualsPlain<float>(shape);
    });

    [Theory]
    [MemberData(nameof(Idle))]
    public void Train_OptionWithoutEffect_EqualsNone(string name)
    {
        LstmLayer<double> layer = new(Inputs, Units, 1, Idles[name]);
        LstmLayer<double> plain = new(Inputs, Units, 1);
        layer.Projection?.Value.SetSubMatrix(0, 0, MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseIdentity(Units));
        for (int n = 0; n < 3; n++)
        {
            Draw.Fill(new Random(n), layer.Parameters[n].Values);
            Draw.Fill(new Random(n), plain.Parameters[n].Values);
        }

        double[] expected = LstmCombinationTests.Train(plain, new Random(4));
        double[] actual = LstmCombinationTests.Train(layer, new Random(4));
        Close.Within(actual[..expected.Length], expected, Tolerance.Rounding<double>());
    }

    /// <summary>f = 1 − σ(z) = σ(−z): a plain layer whose forget gate is fed with the opposite of the input gate's.</summary>
    [Fact]
    public void Infer_CoupledGates_EqualsPlainLayerWithOppositeWeights()
    {
        var random = new Random(1);
        LstmLayer<double> coupled = new(Inputs, Units, 1, new LstmOptions { CoupledGates = true });
        Draw.Parameters(random, coupled);
        LstmLayer<double> plain = new(Inputs, Units);
        for (int n = 0; n < 3; n++)
        {
            var (from, to) = (coupled.Parameters[n].Value, plain.Parameters[n].Value);
            to.SetSubMatrix(0, 0, from.SubMatrix(0, Units, 0, from.ColumnCount));
            to.SetSubMatrix(Units, 0, -from.SubMatrix(0, Units, 0, from.ColumnCount));
            to.SetSubMatrix(2 * Units, 0, from.SubMatrix(Units, 2 * Units, 0, from.ColumnCount));
        }

        Sequence<double> input = Draw.Sequence<double>(random, 6, 3, Inputs);
        Close.To(coupled.Infer(input), plain.Infer(input), "output");
    }

    [Fact]
    public void Train_ChunksWithCarriedState_EqualWhole()
    {
        for (int seed = 0; seed < 30; seed++)
        {
            var random = new Random(seed);
            LstmOptions options = LstmOptionCases.Random(random, Units, masks: false);
            LstmLayer<double> layer = new(Inputs, Units, random, options);
            Draw.Parameters(random, layer);
            Sequence<double> input = Draw.Sequence<double>(random, 6, 3, Inputs);
            double[] whole = layer.Forward(input).Values.ToArray();
            LstmState<double> final = layer.FinalState.Clone();
            double[] gradient = Draw.Sequence<double>(random, 6, 3, layer.Outputs).Values.ToArray();
            double[] back = layer.Backward(new Sequence<double>(6, 3, layer.Outputs, gradient)).Values.ToArray();
            double[] gradients = Bits.OfGradients(layer);
            layer.ZeroGradient();

            Sequence<double> Part(double[] values, int step, int steps)
            {
                int length = values.Length / 6;
                return new(steps, 3, length / 3, values[(step * length)..((step + steps) * length)]);
            }

            double[] x = input.Values.ToArray();
            double[] first = layer.Forward(Part(x, 0, 4)).Values.ToArray();
            LstmState<double> between = layer.FinalState.Clone();
            double[] second = layer.Forward(Part(x, 4, 2), between).Values.ToArray();
            Close.Within([.. first, .. second], whole, Tolerance.Rounding<double>());
            Close.To(layer.FinalState, final, "final state");
            double[] secondBack = layer.Backward(Part(gradient, 4, 2)).Values.ToArray();
            LstmState<double> betweenGradient = layer.InitialStateGradient.Clone();
            layer.Forward(Part(x, 0, 4));
            double[] firstBack = layer.Backward(Part(gradient, 0, 4), betweenGradient).Values.ToArray();
            Close.Within([.. firstBack, .. secondBack], back, Tolerance.Rounding<double>());
            Close.Within(Bits.OfGradients(layer), gradients, Tolerance.Rounding<double>());
        }
    }

    /// <summary>
    /// Each step's error for itself: a pass over the last k steps up to it, from the state before them as if it were given,
    /// with a gradient at its last output alone. The sum over all steps is what a look-back of k must give.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    public void Backward_LookBack_EqualsSumOverWindows(int lookBack)
    {
        const int Steps = 6, Batch = 3;
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            LstmOptions options = LstmOptionCases.Random(random, Units, masks: false) with { LearnInitialState = false };
            LstmLayer<double> layer = new(Inputs, Units, random, options with { LookBack = lookBack });
            Draw.Parameters(random, layer);
            LstmLayer<double> full = new(Inputs, Units, random, options);
            for (int n = 0; n < layer.Parameters.Count; n++)
            {
                layer.Parameters[n].Values.CopyTo(full.Parameters[n].Values);
            }

            Sequence<double> input = Draw.Sequence<double>(random, Steps, Batch, Inputs);
            LstmState<double> initial = (LstmState<double>)Draw.State(random, layer, Batch);
            Sequence<double> gradient = Draw.Sequence<double>(random, Steps, Batch, layer.Outputs);
            LstmState<double> finalGradient = (LstmState<double>)Draw.State(random, layer, Batch);
            var states = new List<LayerState<double>> { initial };
            for (int t = 0; t < Steps; t++)
            {
                LayerState<double> next = states[t].Clone();
                full.Infer(new Sequence<double>(1, Batch, Inputs, input.Step(t).ToArray()), next);
                states.Add(next);
            }

            var expectedInput = new Sequence<double>(Steps, Batch, Inputs);
            LstmState<double> expectedState = new(layer.Outputs, Units, Batch);
            for (int t = 0; t < Steps; t++)
            {
                int first = Math.Max(0, t + 1 - lookBack), steps = t + 1 - first;
                full.Forward(
                    new Sequence<double>(steps, Batch, Inputs, input.Values.Slice(first * Batch * Inputs, steps * Batch * Inputs).ToArray()),
                    states[first]);
                var last = new Sequence<double>(steps, Batch, layer.Outputs);
                gradient.Step(t).CopyTo(last.Step(steps - 1));
                Sequence<double> back = full.Backward(last, t == Steps - 1 ? finalGradient : null);
                for (int n = 0; n < back.Values.Length; n++)
                {
                    expectedInput.Values[(first * Batch * Inputs) + n] += back.Values[n];
                }

                for (int part = 0; first == 0 && part < 2; part++)
                {
                    Span<double> sum = expectedState.Parts[part].Values;
                    System.Numerics.Tensors.TensorPrimitives.Add(sum, full.InitialStateGradient.Parts[part].Values, sum);
                }
            }

            layer.Forward(input, initial);
            Close.To(layer.Backward(gradient, finalGradient), expectedInput, $"input gradient of {seed}");
            Close.To(layer.InitialStateGradient, expectedState, $"gradient of the initial state of {seed}");
            for (int n = 0; n < layer.Parameters.Count; n++)
            {
                Close.To(layer.Parameters[n].Gradient, full.Parameters[n].Gradient, $"{layer.Parameters[n]} of {seed}");
            }
        }
    }

    [Fact]
    public void Backward_LookBackOfPaddedBatch_EqualsEachSequenceAlone()
    {
        var random = new Random(3);
        LstmLayer<double> layer = new(Inputs, Units, 1, new LstmOptions { LookBack = 2, LearnInitialState = true, Projection = 3 });
        Draw.Parameters(random, layer);
        Sequence<double> input = Draw.Sequence<double>(random, 7, 5, Inputs);
        StepMask mask = Masks.Draw(random, 7, 5, gaps: true);
        input.Mask = mask;
        Sequence<double> gradient = Masks.Spoil(Draw.Sequence<double>(random, 7, 5, 3), mask, 0);
        layer.Forward(input);
        layer.Backward(gradient);
        double[] together = Bits.OfGradients(layer);

        layer.ZeroGradient();
        for (int b = 0; b < 5; b++)
        {
            int[] steps = Masks.StepsOf(mask, b);
            if (steps.Length > 0)
            {
                layer.Forward(Masks.Alone(input, b, steps));
                layer.Backward(Masks.Alone(gradient, b, steps));
            }
        }

        Close.Within(together, Bits.OfGradients(layer), Tolerance.Rounding<double>());
    }

    private static void GeneralEqualsPlain<T>(Shape shape)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var plain = new LstmCase<T>(shape);
        var general = new LstmCase<T>(shape);
        general.Layer.IsGeneral = true;
        general.Layer.Threads = plain.Layer.Threads = 1 + (shape.Seed % 3);
        plain.Train();
        general.Train();
        for (int n = 0; n < 3; n++)
        {
            Close.To(general.Layer.Parameters[n].Gradient, plain.Layer.Parameters[n].Gradient, "gradient");
        }

        Close.To(general.Layer.FinalState, plain.Layer.FinalState, "final state");
        Close.To(general.Layer.InitialStateGradient, plain.Layer.InitialStateGradient, "gradient of the initial state");
        (LstmState<T> state, LstmState<T> expected) = (plain.InitialState.Clone(), plain.InitialState.Clone());
        Close.To(general.Layer.Infer(plain.Input, state), plain.Layer.Infer(plain.Input, expected), "output");
        Close.To(state, expected, "state");
    }
}
