using Lstm.Layers;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>What an LSTM layer draws at random in training.</summary>
public class LstmRandomMaskTests
{
    private const double Rate = 0.3;

    /// <summary>
    /// Five standard deviations of the share of 2,000 elements, √(0.3 · 0.7 / 2000) = 0.0102; the seeds are fixed.
    /// </summary>
    private const double ShareError = 0.05;

    /// <summary>A single unit that shows the mean of its inputs: all gates are open, and nothing is remembered.</summary>
    [Fact]
    public void Forward_InputDropout_DropsTheShareAndKeepsTheMeanAndStaysThroughoutASequence()
    {
        const int Inputs = 2000;
        LstmLayer<double> layer = new(Inputs, 1, 5, Open(new LstmOptions { InputDropout = Rate }));
        layer.InputWeights.Value.SetRow(1, [.. Enumerable.Repeat(1.0 / Inputs, Inputs)]);
        Sequence<double> ones = Ones(4, 3, Inputs);
        double[] output = layer.Forward(ones).Values.ToArray();

        output.Should().OnlyContain(mean => Math.Abs(mean - 1) < ShareError / (1 - Rate));
        output[..3].Distinct().Should().HaveCount(3, "each sequence has a mask of its own");
        output[3..6].Should().Equal(output[..3], "it is the same at all steps").And.Equal(output[9..]);
        layer.Call.Should().Be(1);
        double[] next = layer.Forward(ones).Values.ToArray();
        next.Should().NotEqual(output, "each call has masks of its own");
        layer.Call = 0;
        layer.Repeat = true;
        layer.Forward(ones).Values.ToArray().Should().Equal(output, "the masks follow from the seed and the call's number");
        layer.Forward(ones).Values.ToArray().Should().Equal(output, "calls that are repeated draw the same");
        layer.Infer(ones).Values.ToArray().Should().OnlyContain(mean => Math.Abs(mean - 1) < 1e-12, "inference drops nothing");
    }

    [Fact]
    public void Forward_RecurrentDropout_DropsTheShareOfTheState()
    {
        const int Units = 2000;
        LstmLayer<float> layer = new(1, Units, 5, Open(new LstmOptions { RecurrentDropout = Rate }));
        layer.RecurrentWeights.Value.SetRow(Units, [.. Enumerable.Repeat(1f / Units, Units)]);
        LstmState<float> state = layer.CreateState(2);
        state.Parts[0].Values.Fill(1);

        Sequence<float> output = layer.Forward(new Sequence<float>(1, 2, 1), state);

        ((double)output[0, 0, 0]).Should().BeApproximately(1, ShareError / (1 - Rate)).And.NotBe(output[0, 1, 0]);
    }

    [Fact]
    public void Forward_Zoneout_KeepsTheShareAsItWas()
    {
        const int Units = 2000;
        foreach (bool ofCell in new[] { false, true })
        {
            LstmOptions options = new() { HiddenZoneout = ofCell ? 0 : Rate, CellZoneout = ofCell ? Rate : 0 };
            LstmLayer<double> layer = new(1, Units, 5, Open(options));
            layer.InputWeights.Value.Clear();
            layer.RecurrentWeights.Value.Clear();
            layer.Bias.Values.Slice(Units, Units).Fill(1);
            layer.Forward(Ones(2, 1, 1));
            double[] state = layer.FinalState.Parts[ofCell ? 1 : 0].Values.ToArray();
            layer.Forward(Ones(1, 1, 1));
            double[] first = layer.FinalState.Parts[ofCell ? 1 : 0].Values.ToArray();

            first.Average(value => value < 0.5 ? 1 : 0).Should().BeApproximately(Rate, ShareError, "these are as they were, 0");
            state.Average(value => value < 0.5 ? 1 : 0).Should().BeApproximately(Rate * Rate, ShareError, "twice as they were");
            layer.Infer(Ones(1, 1, 1)).Values.ToArray().Should().OnlyContain(
                value => Math.Abs(value - (ofCell ? 1 : 1 - Rate)) < 1e-12, "inference takes the mean of h; the output sees the new c");
        }
    }

    [Fact]
    public void Forward_BothZoneouts_DrawApartFromEachOther()
    {
        const int Units = 2000;
        LstmLayer<double> layer = new(1, Units, 5, Open(new LstmOptions { HiddenZoneout = Rate, CellZoneout = Rate }));
        layer.InputWeights.Value.Clear();
        layer.RecurrentWeights.Value.Clear();
        layer.Bias.Values.Slice(Units, Units).Fill(1);
        layer.Forward(Ones(1, 1, 1));

        double[] hidden = layer.FinalState.Parts[0].Values.ToArray();
        double[] cell = layer.FinalState.Parts[1].Values.ToArray();
        hidden.Zip(cell, (h, c) => h < 0.5 && c < 0.5 ? 1 : 0).Average()
            .Should().BeApproximately(Rate * Rate, ShareError, "the new hidden state is 1 where the cell has stayed at 0 too");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Forward_OtherSequencesAreShorter_DrawsTheSame(bool perGate)
    {
        // Shorter ones are gone through behind longer ones; what is drawn for a sequence and a step must not follow that order.
        LstmOptions options = new()
        {
            InputDropout = Rate,
            RecurrentDropout = Rate,
            DropoutPerGate = perGate,
            CellZoneout = Rate,
            HiddenZoneout = Rate,
        };
        LstmLayer<double> layer = new(4, 6, 1, options) { Repeat = true };
        Sequence<double> input = Draw.Sequence<double>(new Random(2), 5, 3, 4);
        Sequence<double> whole = layer.Forward(input).Clone();
        input.Mask = StepMask.FromLengths(5, 2, 5, 3);
        Sequence<double> masked = layer.Forward(input);
        for (int b = 0; b < 3; b++)
        {
            for (int t = 0; t < input.Mask.LengthOf(b); t++)
            {
                Close.Within(masked.At(t, b).ToArray(), whole.At(t, b).ToArray(), Tolerance.Rounding<double>());
            }
        }
    }

    [Fact]
    public void Forward_FloatAndDouble_DrawTheSame()
    {
        LstmOptions options = new() { InputDropout = 0.5, RecurrentDropout = 0.5, DropoutPerGate = true, CellZoneout = 0.5, HiddenZoneout = 0.5 };
        Sequence<float> single = Draw.Sequence<float>(new Random(1), 4, 3, 5);
        var same = new Sequence<double>(4, 3, 5, [.. single.Values.ToArray().Select(value => (double)value)]);

        float[] output = new LstmLayer<float>(5, 6, 1, options).Forward(single).Values.ToArray();
        double[] exact = new LstmLayer<double>(5, 6, 1, options).Forward(same).Values.ToArray();

        Close.Within([.. output.Select(value => (double)value)], exact, Tolerance.Rounding<float>());
    }

    private static LstmOptions Open(LstmOptions options) => options with
    {
        InputInitializer = Initializer.Zeros,
        RecurrentInitializer = Initializer.Zeros,
        CandidateActivation = Activation.Identity,
        OutputActivation = Activation.Identity,
        GateActivation = Activation.HardSigmoid(0, 1),
        CoupledGates = true,
    };

    private static Sequence<double> Ones(int steps, int batch, int features)
    {
        var ones = new Sequence<double>(steps, batch, features);
        ones.Values.Fill(1);
        return ones;
    }
}
