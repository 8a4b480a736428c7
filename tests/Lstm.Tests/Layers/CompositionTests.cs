using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>What holds for layers around layers of every kind, however they are put together.</summary>
public class CompositionTests
{
    /// <summary>Levels of layers around layers.</summary>
    private const int MaxDepth = 4;

    public static TheoryData<string> Kinds =>
        ["reverse", "concatenate", "sum", "average", "multiply", "residual", "last", "mean", "maximum", "stateful"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Backward_OfEachKind_EqualsFiniteDifferences(string kind)
    {
        var random = new Random(1);
        Layer<double> layer = Create<double>(kind, 4, 4);
        Draw.Parameters(random, layer);
        GradientReport report = GradientCheck.Run(
            layer, Draw.Sequence<double>(random, 4, 3, 4), Draw.State(random, layer, 3));
        report.Passed.Should().BeTrue(report.ToString());
    }

    [Fact]
    public void Backward_RandomCompositions_EqualsFiniteDifferences() => Property.ForAllShapes(
        shape =>
        {
            (Layer<double> layer, Sequence<double> input, LayerState<double> state) = Case(shape);
            var options = new GradientCheckOptions { Seed = shape.Seed, MaximumElements = 2 };
            GradientReport report = GradientCheck.Run(layer, input, state, options);
            report.Passed.Should().BeTrue(report.ToString());
        },
        cases: 200);

    [Fact]
    public void Infer_RandomCompositions_EqualsForward() => Property.ForAllShapes(shape =>
    {
        (Layer<double> layer, Sequence<double> input, LayerState<double> state) = Case(shape);
        Sequence<double> expected = layer.Forward(input, state);
        Close.To(layer.Infer(input, state), expected, "output");
        Close.To(state, layer.FinalState, "final state");
        Close.To(layer.Infer(input), layer.Forward(input, layer.CreateState(input.Batch)), "output without a state");
    });

    [Fact]
    public void Step_RandomCompositions_EqualsForwardIfCausal() => Property.ForAllShapes(shape =>
    {
        (Layer<double> layer, Sequence<double> input, LayerState<double> state) = Case(shape);
        Sequence<double> expected = layer.Forward(input, state);
        double[] output = new double[input.Batch * layer.Outputs];
        for (int t = 0; t < input.Steps; t++)
        {
            if (!layer.IsCausal)
            {
                Refusal.OutOfTurn(() => layer.Step(input.Step(t), state, output), "single steps");
                continue;
            }

            layer.Step(input.Step(t), state, output);
            if (!layer.GivesOneStep || t == input.Steps - 1)
            {
                int at = layer.GivesOneStep ? 0 : t;
                Close.To(
                    new Sequence<double>(1, input.Batch, layer.Outputs, output),
                    new Sequence<double>(1, input.Batch, layer.Outputs, expected.Step(at).ToArray()),
                    $"output of step {t}");
            }
        }
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Infer_ManyAtOnce_GivesWhatEachGivesAlone(string kind)
    {
        const int Streams = 6;
        Layer<float> layer = Create<float>(kind, 20, 20);
        float[] Run(int stream)
        {
            Sequence<float> input = Draw.Sequence<float>(new Random(stream), 20 + stream, 4, 20);
            LayerState<float> state = Draw.State(new Random(stream), layer, 4);
            return [.. layer.Infer(input, state).Values, .. layer.Infer(input).Values, .. Bits.Of(state)];
        }

        Together.GivesTheSameAsAlone(Streams, Run);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Train_Threads_GivesTheSameBits(string kind)
    {
        Layer<float> layer = Create<float>(kind, 33, 64);
        Sequence<float> input = Draw.Sequence<float>(new Random(1), 5, 33, 33);
        LayerState<float> state = Draw.State(new Random(2), layer, 33);
        float[] Run(int threads)
        {
            layer.Threads = threads;
            layer.ZeroGradient();
            float[] output = layer.Forward(input, state).Values.ToArray();
            var gradient = new Sequence<float>(output.Length / 33 / layer.Outputs, 33, layer.Outputs, output);
            float[] inputGradient = layer.Backward(gradient, state).Values.ToArray();
            return [.. output, .. inputGradient, .. Bits.OfGradients(layer), .. Bits.Of(layer.InitialStateGradient)];
        }

        Run(2).Should().Equal(Run(1));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Threads_Set_ReachesTheInnerLayers(string kind)
    {
        List<Layer<float>> made = [];
        Layer<float> layer = Create(kind, 3, 4, made);
        layer.Threads = 3;
        made.Should().NotBeEmpty().And.OnlyContain(inner => inner.Threads == 3);
        layer.Threads.Should().Be(3);
        Refusal.Of<ArgumentOutOfRangeException>(() => layer.Threads = 0, "Threads", "at least 1", "0");
        made.Should().OnlyContain(inner => inner.Threads == 3);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_NoToken_IsRefused(string kind)
    {
        Layer<float> layer = Create<float>(kind, 1, 4, first: new OneHotLayer<float>(4));
        var input = new Sequence<float>(3, 1, 1, [0, 3, 4]);
        Refusal.Of<ArgumentOutOfRangeException>(() => layer.Forward(input), "input", "from 0 to 3", "4");
        Refusal.Of<ArgumentOutOfRangeException>(() => layer.Infer(input), "input", "from 0 to 3", "4");
    }

    /// <summary>
    /// A layer of a kind around LSTMs that are added to the list, behind other layers where it needs its inputs to be
    /// its outputs.
    /// </summary>
    internal static Layer<T> Create<T>(
        string kind, int inputs, int outputs, List<Layer<T>>? made = null, Layer<T>? first = null)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        int seed = 0;
        Layer<T> Inner(int width = 0)
        {
            Layer<T> lstm = new LstmLayer<T>(first?.Outputs ?? inputs, width == 0 ? outputs : width, seed++);
            made?.Add(lstm);
            return first is null ? lstm : new Network<T>(new OneHotLayer<T>(first.Outputs), lstm);
        }

        return kind switch
        {
            "reverse" => new ReverseLayer<T>(Inner()),
            "concatenate" => new BidirectionalLayer<T>(Inner(outputs / 2), Inner(outputs / 2)),
            "sum" => new BidirectionalLayer<T>(Inner(), Inner(), Merge.Sum),
            "average" => new BidirectionalLayer<T>(Inner(), Inner(), Merge.Average),
            "multiply" => new BidirectionalLayer<T>(Inner(), Inner(), Merge.Multiply),
            "residual" => new Network<T>(Inner(), new ResidualLayer<T>(new LstmLayer<T>(outputs, outputs, seed))),
            "last" => new Network<T>(Inner(), new LastStepLayer<T>(outputs)),
            "mean" => new Network<T>(Inner(), new PoolLayer<T>(outputs)),
            "maximum" => new Network<T>(Inner(), new PoolLayer<T>(outputs, Pooling.Maximum)),
            "stateful" => new StatefulLayer<T>(Inner()),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind."),
        };
    }

    private static (Layer<double> Layer, Sequence<double> Input, LayerState<double> State) Case(Shape shape)
    {
        var random = new Random(shape.Seed);
        (int batch, int inputs, int outputs) = (1 + (shape.Batch % 4), 1 + (shape.Inputs % 5), 1 + (shape.Units % 6));
        Layer<double> layer = Composition.Draw<double>(random, inputs, outputs, 1 + random.Next(MaxDepth));
        return (layer, Draw.Sequence<double>(random, shape.Steps, batch, inputs), Draw.State(random, layer, batch));
    }
}
