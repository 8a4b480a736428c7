using Lstm.Layers;
using Lstm.Tests.Reference;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>Options, directions, masks and layers, put together at random.</summary>
public class LstmCombinationTests
{
    /// <summary>Cases of one test; all cases together are several hundred.</summary>
    private const int CasesOfOne = 40;

    /// <summary>Short, so that functions with a corner are seldom crossed at it.</summary>
    private const double Step = 1e-5;

    public static TheoryData<int> Seeds => [0, 1, 2, 3, 4, 5];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void GradientCheck_RandomCombination_Passes(int group)
    {
        for (int n = 0; n < CasesOfOne; n++)
        {
            int seed = (group * CasesOfOne) + n;
            var random = new Random(seed);
            (Layer<double> layer, string what) = Combination(random);
            Sequence<double> input = Input(random, layer.Inputs);
            LayerState<double>? state = null;
            if (random.Next(2) == 0)
            {
                state = Draw.State(random, layer, input.Batch);
            }
            else
            {
                layer = new StartedAlone(layer);
            }

            GradientCheckOptions options = new() { Step = Step, Seed = seed, MaximumElements = 6 };

            GradientReport report = GradientCheck.Run(layer, input, state, options);

            report.Passed.Should().BeTrue($"of {seed}, {what}: {report}");
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Infer_RandomCombination_EqualsReferenceAndStepsAndTraining(int group)
    {
        for (int n = 0; n < CasesOfOne; n++)
        {
            int seed = (group * CasesOfOne) + n;
            var random = new Random(seed);
            LstmLayer<double> layer = Layer(random, masks: n % 2 == 0, inputs: random.Next(1, 20), units: random.Next(1, 40));
            Sequence<double> input = Input(random, layer.Inputs, maxBatch: 17);
            LstmState<double> initial = (LstmState<double>)Draw.State(random, layer, input.Batch);
            LstmState<double> expectedState = initial.Clone();
            double[,,] expected = new ReferenceCell(layer).Infer(input, expectedState);
            string what = $"output of {seed}, {layer.Options}";

            LstmState<double> state = initial.Clone();
            Close.To(layer.Infer(input, state), expected, Tolerance.Rounding<double>(), what);
            Close.To(state, expectedState, what);
            if (!layer.Options.IsRandom)
            {
                Close.To(layer.Forward(input, initial), expected, Tolerance.Rounding<double>(), what);
                Close.To(layer.FinalState, expectedState, what);
            }

            if (input.Mask is null)
            {
                state = initial.Clone();
                var output = new Sequence<double>(input.Steps, input.Batch, layer.Outputs);
                for (int t = 0; t < input.Steps; t++)
                {
                    layer.Step(input.Step(t), state, output.Step(t));
                }

                Close.To(output, expected, Tolerance.Rounding<double>(), what);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Train_VectorWidths_Agree(int seed)
    {
        double[][] results = [.. new[] { 512, 256, 128, 0 }.Select(bits =>
        {
            var random = new Random(seed);
            LstmLayer<double> layer = Layer(random, masks: true, inputs: 9, units: 21);
            layer.VectorBits = bits;
            return Train(layer, random);
        })];
        foreach (double[] result in results)
        {
            Close.Within(result, results[0], 1e-10);
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Train_Threads_GivesTheSameBits(int seed)
    {
        float[][] results = [.. new[] { 1, 2, 5 }.Select(threads =>
        {
            // Enough work for all threads to take part.
            var random = new Random(seed);
            LstmLayer<float> layer = new(30, 40, random, LstmOptionCases.Random(random, 40, true)) { Threads = threads };
            Draw.Parameters(random, layer);
            Sequence<float> input = Draw.Sequence<float>(random, 6, 40, 30);
            input.Mask = seed % 2 == 0 ? null : Masks.Draw(random, 6, 40, gaps: true);
            float[] output = layer.Forward(input).Values.ToArray();
            float[] gradient = layer.Backward(Draw.Sequence<float>(random, 6, 40, layer.Outputs)).Values.ToArray();
            return (float[])[.. output, .. gradient, .. Bits.OfGradients(layer), .. layer.Infer(input).Values];
        })];

        results[1].Should().Equal(results[0]);
        results[2].Should().Equal(results[0]);
    }

    /// <summary>Output, and all gradients, of one pass.</summary>
    internal static double[] Train(Layer<double> layer, Random random)
    {
        Sequence<double> input = Input(random, layer.Inputs);
        double[] output = layer.Forward(input).Values.ToArray();
        Sequence<double> gradient = Draw.Sequence<double>(random, input.Steps, input.Batch, layer.Outputs);
        double[] back = layer.Backward(gradient, Draw.State(random, layer, input.Batch)).Values.ToArray();
        return [.. output, .. Bits.Of(layer.FinalState), .. back, .. Bits.Of(layer.InitialStateGradient), .. Bits.OfGradients(layer)];
    }

    private static LstmLayer<double> Layer(Random random, bool masks, int inputs, int units)
    {
        LstmLayer<double> layer = new(inputs, units, random, LstmOptionCases.Random(random, units, masks)) { Repeat = true, Threads = 1 };
        Draw.Parameters(random, layer);
        return layer;
    }

    /// <summary>A layer forward, in reverse, in both directions, or two of them.</summary>
    private static (Layer<double> Layer, string What) Combination(Random random)
    {
        int inputs = random.Next(1, 5);
        int units = random.Next(2, 6);
        LstmLayer<double> layer = Layer(random, true, inputs, units);
        switch (random.Next(4))
        {
            case 0:
                return (layer, $"{layer.Options}");
            case 1:
                return (new ReverseLayer<double>(layer), $"reverse {layer.Options}");
            case 2:
                LstmOptions options = LstmOptionCases.Random(random, units, true) with { Projection = layer.Options.Projection };
                LstmLayer<double> other = new(inputs, units, random, options) { Repeat = true };
                Draw.Parameters(random, other);
                return (new BidirectionalLayer<double>(layer, other), $"both {layer.Options} and {other.Options}");
            default:
                LstmLayer<double> above = Layer(random, true, layer.Outputs, units);
                return (new Lstm.Models.Network<double>(layer, above), $"{layer.Options} below {above.Options}");
        }
    }

    private static Sequence<double> Input(Random random, int inputs, int maxBatch = 4)
    {
        int steps = random.Next(1, 6);
        int batch = random.Next(1, maxBatch + 1);
        Sequence<double> input = Draw.Sequence<double>(random, steps, batch, inputs);
        input.Mask = random.Next(3) switch
        {
            0 => Masks.Draw(random, steps, batch, gaps: false),
            1 => Masks.Draw(random, steps, batch, gaps: true),
            _ => null,
        };
        return input;
    }
}
