using Lstm.Layers;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>What holds for GRUs and plain recurrent layers.</summary>
public class RecurrentLayerTests
{
    public static TheoryData<string> Kinds => ["gru", "gru original", "rnn", "rnn relu", "rnn sigmoid"];

    /// <summary>Options that change what training computes, by name.</summary>
    public static TheoryData<string> Options => ["UseBias", "InputDropout", "RecurrentDropout", "LookBack"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Backward_AnyShape_EqualsFiniteDifferences(string kind) => Property.ForAllShapes(
        shape =>
        {
            // ReLU has a kink at 0, near which differences are of no use; it has goldens.
            (RecurrentLayer<double> layer, Sequence<double> input, LayerState<double> state) =
                Case<double>(kind == "rnn relu" ? "rnn" : kind, shape);
            var options = new GradientCheckOptions { Seed = shape.Seed, MaximumElements = 4 };
            foreach (bool masked in new[] { false, true })
            {
                input.Mask = masked ? Masks.Draw(new Random(shape.Seed), input.Steps, input.Batch, gaps: true) : null;
                GradientReport report = GradientCheck.Run(layer, input, state, options);
                report.Passed.Should().BeTrue(report.ToString());
            }
        },
        cases: 25);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Step_AnyShape_EqualsForwardAndInfer(string kind) => Property.ForAllShapes(
        shape =>
        {
            (RecurrentLayer<float> layer, Sequence<float> input, LayerState<float> state) = Case<float>(kind, shape);
            Sequence<float> output = layer.Forward(input, state);
            Close.To(layer.Infer(input, state.Clone()), output, "inferred");
            var step = new Sequence<float>(1, input.Batch, layer.Outputs);
            for (int t = 0; t < input.Steps; t++)
            {
                layer.Step(input.Step(t), state, step.Values);
                Close.To(step, new Sequence<float>(1, input.Batch, layer.Outputs, output.Step(t).ToArray()), $"step {t}");
            }

            Close.To(state, layer.FinalState, "final state");
        },
        cases: 25);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_VectorWidths_GiveTheSame(string kind)
    {
        var shape = new Shape(4, 7, 5, 21, 3);
        double[] expected = Run(512);
        foreach (int bits in new[] { 256, 128, 0 })
        {
            Close.Within(Run(bits), expected, 100 * Tolerance.Rounding<double>());
        }

        double[] Run(int bits)
        {
            (RecurrentLayer<double> layer, Sequence<double> input, LayerState<double> state) = Case<double>(kind, shape);
            layer.VectorBits = bits;
            Sequence<double> output = layer.Forward(input, state).Clone();
            Sequence<double> gradient = layer.Backward(output);
            double[] step = new double[7 * 21];
            layer.Step(input.Step(0), state, step);
            return [.. output.Values, .. gradient.Values, .. Bits.OfGradients(layer), .. step];
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_Threads_GivesTheSameBits(string kind)
    {
        (RecurrentLayer<float> layer, Sequence<float> input, LayerState<float> state) =
            Case<float>(kind, new Shape(6, 33, 40, 64, 1));
        float[] Run(int threads)
        {
            layer.Threads = threads;
            layer.ZeroGradient();
            Sequence<float> output = layer.Forward(input, state).Clone();
            return [.. output.Values, .. layer.Backward(output).Values, .. Bits.OfGradients(layer), .. layer.Infer(input).Values];
        }

        Run(2).Should().Equal(Run(1));
    }

    [Theory]
    [InlineData("gru")]
    [InlineData("gru original")]
    [InlineData("rnn")]
    public void LookBack_AllSteps_EqualsTheWholeAndOneReachesNoOther(string kind)
    {
        var shape = new Shape(5, 3, 4, 6, 1);
        (RecurrentLayer<double> whole, Sequence<double> input, LayerState<double> state) = Case<double>(kind, shape);
        RecurrentLayer<double> all = Create<double>(kind, 4, 6, "LookBack", 5);
        RecurrentLayer<double> two = Create<double>(kind, 4, 6, "LookBack", 2);
        foreach (RecurrentLayer<double> layer in new[] { all, two })
        {
            foreach ((Parameter<double> to, Parameter<double> from) in layer.Parameters.Zip(whole.Parameters))
            {
                from.Values.CopyTo(to.Values);
            }
        }

        Sequence<double> gradient = Draw.Sequence<double>(new Random(1), 5, 3, 6);
        double[] Gradients(RecurrentLayer<double> layer, Sequence<double> gradient)
        {
            layer.ZeroGradient();
            layer.Forward(input, state);
            return [.. layer.Backward(gradient).Values, .. Bits.OfGradients(layer)];
        }

        Close.Within(Gradients(all, gradient), Gradients(whole, gradient), 100 * Tolerance.Rounding<double>());

        // The error of the last step alone: the last two inputs get what they get without a limit, the others nothing.
        var last = new Sequence<double>(5, 3, 6);
        gradient.Step(4).CopyTo(last.Step(4));
        double[] limited = Gradients(two, last)[..(5 * 3 * 4)];
        double[] unlimited = Gradients(whole, last)[..(5 * 3 * 4)];
        limited[..(3 * 3 * 4)].Should().OnlyContain(value => value == 0);
        Close.Within(limited[(3 * 3 * 4)..], unlimited[(3 * 3 * 4)..], Tolerance.Rounding<double>());
        unlimited[..4].Should().NotContain(0);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void Train_EachOption_ChangesSomethingAndKeepsItsGradients(string option)
    {
        foreach (string kind in new[] { "gru", "gru original", "rnn" })
        {
            if (kind == "gru original" && option == "RecurrentDropout")
            {
                continue;
            }

            var random = new Random(1);
            RecurrentLayer<double> plain = Create<double>(kind, 4, 6);
            RecurrentLayer<double> layer = Create<double>(kind, 4, 6, option, 2);
            plain.Parameters[^1].Values.Fill(0.3);
            foreach ((Parameter<double> to, Parameter<double> from) in layer.Parameters.Zip(plain.Parameters))
            {
                from.Values.CopyTo(to.Values);
            }

            layer.Repeat = true;
            Sequence<double> input = Draw.Sequence<double>(random, 5, 3, 4);
            double[] Run(RecurrentLayer<double> layer)
            {
                Sequence<double> output = layer.Forward(input).Clone();
                return [.. output.Values, .. layer.Backward(output).Values];
            }

            Run(layer).Should().NotEqual(Run(plain));
            if (option != "LookBack")
            {
                GradientReport report = GradientCheck.Run(layer, input);
                report.Passed.Should().BeTrue(report.ToString());
            }
        }
    }

    [Fact]
    public void Forward_Dropout_DrawsAnewAtEachCallAndNothingInInference()
    {
        var layer = new GruLayer<float>(20, 20, 1, new GruOptions { InputDropout = 0.5, RecurrentDropout = 0.5 });
        Sequence<float> input = Draw.Sequence<float>(new Random(1), 3, 2, 20);
        float[] first = layer.Forward(input).Values.ToArray();
        layer.Call.Should().Be(1);
        layer.Forward(input).Values.ToArray().Should().NotEqual(first);
        layer.Call = 0;
        layer.Repeat = true;
        layer.Forward(input).Values.ToArray().Should().Equal(first);
        layer.Call.Should().Be(0);
        var plain = new GruLayer<float>(20, 20, 1);
        layer.Infer(input).Values.ToArray().Should().Equal(plain.Infer(input).Values.ToArray());
    }

    [Fact]
    public void Constructor_Seeds_DecideTheWeights()
    {
        float[] Values(int seed) => Bits.OfValues(new GruLayer<float>(3, 4, seed));
        Values(1).Should().Equal(Values(1)).And.NotEqual(Values(2));
        var layer = new GruLayer<float>(3, 4);
        layer.Parameters.Select(parameter => parameter.ToString()).Should()
            .Equal("InputWeights 12 × 3", "RecurrentWeights 12 × 4", "Bias 16 × 1");
        new GruLayer<float>(3, 4, options: new GruOptions { ResetAfter = false }).Bias.Count.Should().Be(12);
        new RnnLayer<float>(3, 4).Parameters.Select(parameter => parameter.ToString()).Should()
            .Equal("InputWeights 4 × 3", "RecurrentWeights 4 × 4", "Bias 4 × 1");
        layer.Bias.Decays.Should().BeFalse();
        layer.CreateState(2).ToString().Should().Be("HiddenState<Single> of Hidden 4 × 2");
        layer.CreateState(2).Clone().Hidden.ColumnCount.Should().Be(2);
    }

    [Fact]
    public void Create_BadArgument_IsRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => new GruLayer<float>(0, 2), "inputs", "at least 1", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => new RnnLayer<float>(1, 0), "hiddenUnits", "at least 1", "0");
        Refusal.Of<ArgumentNullException>(() => new RnnLayer<float>(1, 2, null!), "random");
        Refusal.Of<ArgumentException>(
            () => new GruLayer<float>(1, 2, options: new GruOptions { ResetAfter = false, RecurrentDropout = 0.1 }),
            "options",
            "RecurrentDropout needs ResetAfter");
        Refusal.Of<ArgumentOutOfRangeException>(() => new RnnOptions { LookBack = 0 }, "LookBack", "at least 1", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => new GruOptions { InputDropout = 1 }, "InputDropout", "at least 0 and below 1");
        Refusal.Of<ArgumentOutOfRangeException>(() => new GruOptions { RecurrentDropout = -1 }, "RecurrentDropout", "at least 0 and below 1");
        Refusal.Of<ArgumentNullException>(() => new RnnOptions { Activation = null! }, "Activation");
        Refusal.Of<ArgumentNullException>(() => new RnnOptions { InputInitializer = null! }, "InputInitializer");
        Refusal.Of<ArgumentNullException>(() => new RnnOptions { RecurrentInitializer = null! }, "RecurrentInitializer");
        Refusal.Of<ArgumentNullException>(() => new HiddenState<float>(null!), "hidden");
        Refusal.OutOfTurn(() => _ = new RnnLayer<float>(1, 2, options: new RnnOptions { UseBias = false }).Bias, "UseBias");
        Refusal.Of<ArgumentException>(
            () => new RnnLayer<float>(1, 2).Infer(new Sequence<float>(1, 1, 1), new LstmState<float>(2, 1)), "state", "Hidden 2 × 1");
    }

    internal static RecurrentLayer<T> Create<T>(string kind, int inputs, int units, string? option = null, int lookBack = 0)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        RecurrentOptions options = kind switch
        {
            "gru" => new GruOptions(),
            "gru original" => new GruOptions { ResetAfter = false },
            "rnn relu" => new RnnOptions { Activation = Activation.Relu },
            "rnn sigmoid" => new RnnOptions { Activation = Activation.Sigmoid },
            _ => new RnnOptions(),
        };
        options = option switch
        {
            "UseBias" => options with { UseBias = false },
            "InputDropout" => options with { InputDropout = 0.5 },
            "RecurrentDropout" => options with { RecurrentDropout = 0.5 },
            "LookBack" => options with { LookBack = lookBack },
            _ => options,
        };
        return options is GruOptions gru
            ? new GruLayer<T>(inputs, units, 1, gru)
            : new RnnLayer<T>(inputs, units, 1, (RnnOptions)options);
    }

    private static (RecurrentLayer<T> Layer, Sequence<T> Input, LayerState<T> State) Case<T>(string kind, Shape shape)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(shape.Seed);
        RecurrentLayer<T> layer = Create<T>(kind, shape.Inputs, shape.Units);
        Draw.Parameters(random, layer);
        Sequence<T> input = Draw.Sequence<T>(random, shape.Steps, shape.Batch, shape.Inputs);
        return (layer, input, Draw.State(random, layer, shape.Batch));
    }
}
