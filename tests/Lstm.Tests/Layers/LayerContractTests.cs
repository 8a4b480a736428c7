using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>What every layer refuses, and that a refused call changes nothing.</summary>
public class LayerContractTests
{
    private const int Steps = 3;
    private const int Batch = 2;
    private const int Inputs = 4;
    private const int Outputs = 5;

    private readonly Random _random = new(1);

    public static TheoryData<string> Kinds => ["lstm", "dense", "network"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_BadArgument_IsRefused(string kind) => Unchanged(kind, layer =>
    {
        Refusal.Of<ArgumentNullException>(() => layer.Forward(null!), "input");
        Refusal.Of<ArgumentException>(
            () => layer.Forward(new Sequence<float>(Steps, Batch, Inputs + 1)), "input", "4 features", "5 features");
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_StateOfAnotherBatch_IsRefused(string kind) => Unchanged(kind, layer =>
    {
        LayerState<float> state = layer.CreateState(Batch + 1);
        string[] words = [layer.CreateState(Batch).ToString(), state.ToString()];
        Refusal.Of<ArgumentException>(() => layer.Forward(Input(), state), "initialState", words);
        Refusal.Of<ArgumentException>(() => layer.Infer(Input(), state), "state", words);
        Refusal.Of<ArgumentException>(
            () => layer.Infer(Input(), new Sequence<float>(Steps, Batch, Outputs), state), "state", words);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_StateOfAnotherLayer_IsRefused(string kind) => Unchanged(kind, layer =>
    {
        LayerState<float>[] states =
        [
            new LstmState<float>(Outputs + 1, Batch),
            new(Batch, new StatePart<float>("Hidden", Outputs, Batch)),
            new(Batch, new StatePart<float>("Hidden", Outputs, Batch), new StatePart<float>("Cell", Outputs, Batch)),
            new Network<float>(new LstmLayer<float>(Inputs, Outputs)).CreateState(Batch),
            new Network<float>(new DenseLayer<float>(Inputs, Outputs), new LstmLayer<float>(Inputs + 1, Outputs)).CreateState(Batch),
        ];
        foreach (LayerState<float> state in states)
        {
            Refusal.Of<ArgumentException>(() => layer.Forward(Input(), state), "initialState");
            Refusal.Of<ArgumentException>(() => layer.Infer(Input(), state), "state");
            Refusal.Of<ArgumentException>(
                () => layer.Step(Input().Step(0), state, new float[Batch * Outputs]), "state");
        }
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Backward_BeforeForward_IsRefused(string kind)
    {
        Layer<float> layer = Create(kind);
        Refusal.OutOfTurn(() => layer.Backward(Gradient()), "Forward", "before Backward");
        Refusal.OutOfTurn(() => _ = layer.FinalState, "Forward", "before FinalState");
        Refusal.OutOfTurn(() => _ = layer.InitialStateGradient, "Backward", "before InitialStateGradient");
        Bits.OfGradients(layer).Should().OnlyContain(gradient => gradient == 0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Backward_TwiceAfterOneForward_IsRefused(string kind)
    {
        Layer<float> layer = Create(kind);
        layer.Forward(Input());
        layer.Backward(Gradient());
        float[] gradients = Bits.OfGradients(layer);

        Refusal.OutOfTurn(() => layer.Backward(Gradient()), "once for each backward pass");
        Bits.OfGradients(layer).Should().Equal(gradients);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void InitialStateGradient_AfterAnotherForward_IsRefused(string kind)
    {
        Layer<float> layer = Create(kind);
        layer.Forward(Input());
        Refusal.OutOfTurn(() => _ = layer.InitialStateGradient);
        layer.Backward(Gradient());
        layer.InitialStateGradient.Batch.Should().Be(Batch);
        layer.Forward(Input());
        Refusal.OutOfTurn(() => _ = layer.InitialStateGradient);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Backward_BadArgument_IsRefusedAndMayBeCalledAgain(string kind)
    {
        Layer<float> layer = Create(kind);
        Sequence<float> input = Input();
        Sequence<float> gradient = Gradient();
        layer.Forward(input);
        layer.Backward(gradient);
        float[] expected = Bits.OfGradients(layer);

        layer.ZeroGradient();
        layer.Forward(input);
        foreach ((int steps, int batch, int features) in new[]
            {
                (Steps + 1, Batch, Outputs), (Steps, Batch - 1, Outputs), (Steps, Batch, Outputs + 2),
                (Batch, Steps, Outputs), (Steps * Batch, 1, Outputs),
            })
        {
            Refusal.Of<ArgumentException>(
                () => layer.Backward(new Sequence<float>(steps, batch, features)),
                "outputGradient",
                "3 steps × 2 sequences × 5 features",
                $"{steps} steps × {batch} sequences × {features} features");
        }

        Refusal.Of<ArgumentNullException>(() => layer.Backward(null!), "outputGradient");
        Refusal.Of<ArgumentException>(
            () => layer.Backward(gradient, layer.CreateState(Batch + 1)),
            "finalStateGradient",
            layer.CreateState(Batch).ToString(),
            layer.CreateState(Batch + 1).ToString());

        Bits.OfGradients(layer).Should().OnlyContain(value => value == 0);
        layer.Backward(gradient);
        Bits.OfGradients(layer).Should().Equal(expected);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Forward_Refused_LeavesTheLastPass(string kind)
    {
        Layer<float> layer = Create(kind);
        Sequence<float> input = Input();
        float[] output = layer.Forward(input).Values.ToArray();
        float[] state = Bits.Of(layer.FinalState);

        Refusal.Of<ArgumentException>(() => layer.Forward(new Sequence<float>(7, 7, Inputs + 1)), "input");
        Refusal.Of<ArgumentException>(() => layer.Forward(input, layer.CreateState(7)), "initialState");

        Bits.Of(layer.FinalState).Should().Equal(state);
        Sequence<float> gradient = layer.Backward(Gradient());
        (gradient.Steps, gradient.Batch, gradient.Features).Should().Be((Steps, Batch, Inputs));
        layer.Forward(input).Values.ToArray().Should().Equal(output);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Infer_BetweenForwardAndBackward_DoesNotDisturb(string kind)
    {
        Layer<float> layer = Create(kind);
        Sequence<float> input = Input();
        Sequence<float> gradient = Gradient();
        layer.Forward(input);
        layer.Backward(gradient);
        float[] expected = Bits.OfGradients(layer);

        layer.ZeroGradient();
        Sequence<float> output = layer.Forward(input);
        float[] before = output.Values.ToArray();
        layer.Infer(Draw.Sequence<float>(_random, 9, 8, Inputs), layer.CreateState(8));
        layer.Step(input.Step(1), layer.CreateState(Batch), new float[Batch * Outputs]);
        output.Values.ToArray().Should().Equal(before);
        layer.Backward(gradient);
        Bits.OfGradients(layer).Should().Equal(expected);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Infer_BadArgument_IsRefused(string kind) => Unchanged(kind, layer =>
    {
        Sequence<float> input = Input();
        LayerState<float> state = Draw.State(_random, layer, Batch);
        float[] before = Bits.Of(state);
        Refusal.Of<ArgumentNullException>(() => layer.Infer(null!), "input");
        Refusal.Of<ArgumentNullException>(() => layer.Infer(null!, new Sequence<float>(Steps, Batch, Outputs), state), "input");
        Refusal.Of<ArgumentNullException>(() => layer.Infer(input, null!, state), "output");
        Refusal.Of<ArgumentException>(
            () => layer.Infer(new Sequence<float>(Steps, Batch, 7), state), "input", "4 features", "7 features");
        foreach ((int steps, int batch, int features) in new[]
            {
                (Steps + 1, Batch, Outputs), (Steps, Batch + 1, Outputs), (Steps, Batch, Outputs + 1),
            })
        {
            var output = new Sequence<float>(steps, batch, features);
            output.Values.Fill(7);
            Refusal.Of<ArgumentException>(
                () => layer.Infer(input, output, state),
                "output",
                "3 steps × 2 sequences × 5 features",
                $"{steps} steps × {batch} sequences × {features} features");
            output.Values.ToArray().Should().OnlyContain(value => value == 7);
        }

        Bits.Of(state).Should().Equal(before);
    });

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Step_BadArgument_IsRefused(string kind) => Unchanged(kind, layer =>
    {
        LayerState<float> state = Draw.State(_random, layer, Batch);
        float[] before = Bits.Of(state);
        float[] input = new float[Batch * Inputs];
        float[] output = new float[Batch * Outputs];
        Refusal.Of<ArgumentNullException>(() => layer.Step(input, null!, output), "state");
        Refusal.Of<ArgumentException>(() => layer.Step(new float[7], state, output), "input", "8 elements", "7");
        Refusal.Of<ArgumentException>(() => layer.Step(new float[9], state, output), "input", "8 elements", "9");
        Refusal.Of<ArgumentException>(() => layer.Step([], state, output), "input", "8 elements", "0");
        Refusal.Of<ArgumentException>(() => layer.Step(input, state, new float[9]), "output", "10 elements", "9");
        Refusal.Of<ArgumentException>(() => layer.Step(input, state, new float[11]), "output", "10 elements", "11");
        Bits.Of(state).Should().Equal(before);
    });

    [Fact]
    public void Infer_OverItsInput_IsRefused()
    {
        var layer = new LstmLayer<float>(3, 3);
        float[] numbers = new float[12];
        var input = new Sequence<float>(2, 2, 3, numbers);
        LstmState<float> state = layer.CreateState(2);
        Refusal.Of<ArgumentException>(() => layer.Infer(input, input, state), "output", "overlap");
        Refusal.Of<ArgumentException>(() => layer.Infer(input, new Sequence<float>(2, 2, 3, numbers)), "output", "overlap");
        Refusal.Of<ArgumentException>(
            () => layer.Step(numbers.AsSpan(0, 6), state, numbers.AsSpan(5, 6)), "output", "overlap");
        Bits.Of(state).Should().OnlyContain(value => value == 0);

        // What only touches does not overlap.
        numbers.AsSpan().Fill(1);
        layer.Step(numbers.AsSpan(0, 6), state, numbers.AsSpan(6, 6));
        numbers[6..].Should().Equal(state.Hidden.ToColumnMajorArray()).And.NotContain(1);
    }

    [Fact]
    public void Backward_InputReshapedSinceForward_IsRefused()
    {
        // What a layer hands out changes its shape at the next call; here it is the input of another layer.
        var first = new DenseLayer<float>(2, 3);
        var second = new DenseLayer<float>(3, 4);
        second.Forward(first.Forward(new Sequence<float>(2, 2, 2)));
        first.Forward(new Sequence<float>(5, 1, 2));
        Refusal.OutOfTurn(() => second.Backward(new Sequence<float>(2, 2, 4)), "2 steps × 2 sequences", "5 steps × 1 sequences");
        Bits.OfGradients(second).Should().OnlyContain(gradient => gradient == 0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void CreateState_NoSequence_IsRefused(string kind)
    {
        Layer<float> layer = Create(kind);
        Refusal.Of<ArgumentOutOfRangeException>(() => layer.CreateState(0), "batch", "at least 1", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => layer.CreateState(-1), "batch", "at least 1", "-1");
    }

    [Fact]
    public void Constructor_OtherElementType_IsRefused()
    {
        Action half = () => _ = new DenseLayer<Half>(2, 3);
        half.Should().Throw<NotSupportedException>().WithMessage("*float or double*Half*");
    }

    private static Layer<float> Create(string kind) => kind switch
    {
        "lstm" => new LstmLayer<float>(Inputs, Outputs),
        "dense" => new DenseLayer<float>(Inputs, Outputs),
        _ => new Network<float>(new LstmLayer<float>(Inputs, 3), new DenseLayer<float>(3, Outputs)),
    };

    private Sequence<float> Input() => Draw.Sequence<float>(_random, Steps, Batch, Inputs);

    private Sequence<float> Gradient() => Draw.Sequence<float>(_random, Steps, Batch, Outputs);

    private void Unchanged(string kind, Action<Layer<float>> refused)
    {
        Layer<float> layer = Create(kind);
        Sequence<float> input = Input();
        layer.Forward(input);
        layer.Backward(Gradient());
        float[][] Everything() =>
        [
            Bits.OfValues(layer), Bits.OfGradients(layer), Bits.Of(layer.FinalState), Bits.Of(layer.InitialStateGradient),
        ];
        float[][] before = Everything();
        refused(layer);
        Everything().Should().BeEquivalentTo(before, options => options.WithStrictOrdering());
    }
}
