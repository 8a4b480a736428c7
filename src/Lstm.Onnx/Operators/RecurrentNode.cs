using System.Numerics;
using Lstm.Layers;

namespace Lstm.Onnx.Operators;

/// <summary>
/// A node of a recurrent operator. It is run by layers of this library, one for each direction, that are made of the weights
/// when these are first seen.
/// </summary>
internal abstract class RecurrentNode<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The place of the lengths of the sequences among the inputs.</summary>
    public const int LengthInput = 4;

    /// <summary>The place of the initial state, or its first matrix, among the inputs.</summary>
    public const int StateInput = 5;

    private readonly int _gates;
    private readonly int _states;
    private readonly long _hiddenSize;
    private readonly Lock _lock = new();
    private (RecurrentWeights<T> Weights, Layer<T>[] Layers)? _made;

    /// <summary>Reads the attributes that all kinds have.</summary>
    /// <param name="node">The node.</param>
    /// <param name="gates">G, the blocks of rows in its weights.</param>
    /// <param name="states">The matrices that are its state: 2 for an LSTM, 1 for the others.</param>
    /// <param name="activations">The activations of a direction unless the node says otherwise.</param>
    protected RecurrentNode(NodeReader node, int gates, int states, params string[] activations)
    {
        (_gates, _states) = (gates, states);
        _hiddenSize = node.Integer("hidden_size", 0);
        Reversed = node.Text("direction", "forward") switch
        {
            "forward" => [false],
            "reverse" => [true],
            "bidirectional" => [false, true],
            string other => throw node.Refuse($"its direction '{other}' is not known"),
        };
        BatchFirst = node.Integer("layout", 0) switch
        {
            0 => false,
            1 => true,
            long other => throw node.Refuse($"its layout {other} is not known"),
        };
        Clip = node.Number("clip", 0);
        if (Clip < 0 || !float.IsFinite(Clip))
        {
            throw node.Refuse($"its clip is {Clip}");
        }

        Activations = RecurrentActivation.Read(node, activations, Reversed.Count);
    }

    /// <summary>For each direction, whether it runs from the last step to the first.</summary>
    public IReadOnlyList<bool> Reversed { get; }

    /// <summary>Whether sequences and states have the sequences as their first dimension.</summary>
    public bool BatchFirst { get; }

    /// <summary>The bound of what goes into the activations; 0 for none.</summary>
    protected float Clip { get; }

    /// <summary>For each direction, its activations.</summary>
    protected IReadOnlyList<RecurrentActivation[]> Activations { get; }

    /// <summary>The place of the peepholes among the inputs; null if the operator has none.</summary>
    protected virtual int? PeepholeInput => null;

    /// <summary>Makes the options of a direction's layer, which may refuse a parameter of an activation.</summary>
    protected static TOptions Options<TOptions>(NodeReader node, Func<TOptions> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException exception)
        {
            throw node.Refuse($"its attributes do not make sense: {exception.Message}");
        }
    }

    /// <summary>Runs the node.</summary>
    public OnnxTensor<T>[] Run(Arguments<T> inputs)
    {
        Sequence<T> input = Input(inputs);
        Layer<T>[] layers = Layers(inputs);
        if (layers[0].Inputs != input.Features)
        {
            throw inputs.Refuse($"its weights are for {layers[0].Inputs} features");
        }

        (int directions, int units) = (layers.Length, layers[0].Outputs);
        int[] stateShape = [directions, input.Batch, units];
        int[] outputShape = [input.Steps, .. stateShape];
        var output = new OnnxTensor<T>(outputShape, inputs.Allocate<T>(outputShape));
        var states = new OnnxTensor<T>[_states];
        for (int part = 0; part < _states; part++)
        {
            states[part] = new(stateShape, InitialState(inputs, StateInput + part, stateShape));
        }

        for (int d = 0; d < directions; d++)
        {
            RunDirection(layers, d, input, output.Numbers, states);
        }

        int block = input.Batch * units;
        return
        [
            BatchFirst
                ? inputs.Strided(
                    output, [input.Batch, input.Steps, directions, units], 0, [units, directions * block, block, 1])
                : output,
            .. states.Select(state => InOrder(inputs, state)),
        ];
    }

    /// <summary>A layer for each direction, each running forward; a reverse one is inside a <see cref="ReverseLayer{T}"/>.</summary>
    public Layer<T>[] CreateLayers(RecurrentWeights<T> weights) =>
        [.. Reversed.Select((reversed, d) => reversed ? new ReverseLayer<T>(CreateLayer(weights, d)) : CreateLayer(weights, d))];

    /// <summary>Says what does not fit among the weights; null if all does.</summary>
    public string? Problem(RecurrentWeights<T> weights) => weights.Problem(Reversed.Count, _gates, _hiddenSize);

    /// <summary>The layer of one direction.</summary>
    protected abstract Layer<T> CreateLayer(RecurrentWeights<T> weights, int direction);

    /// <summary>The weights among the node's inputs.</summary>
    public RecurrentWeights<T> Weights(Func<int, OnnxTensor<T>?> input, Func<string, OnnxException> refuse) => new(
        input(1) ?? throw refuse("it lacks the weights W"),
        input(2) ?? throw refuse("it lacks the weights R"),
        input(3),
        PeepholeInput is int place ? input(place) : null);

    /// <summary>The output of one direction, and its state, from the one before the first step to the one after the last.</summary>
    private static void RunDirection(Layer<T>[] layers, int d, Sequence<T> input, T[] output, OnnxTensor<T>[] states)
    {
        int block = input.Batch * layers[d].Outputs;
        LayerState<T> state = layers[d].CreateState(input.Batch);
        for (int part = 0; part < states.Length; part++)
        {
            states[part].Numbers.AsSpan(d * block, block).CopyTo(state.Parts[part].Values);
        }

        Sequence<T> own = layers[d].Infer(input, state);
        for (int t = 0; t < input.Steps; t++)
        {
            own.Step(t).CopyTo(output.AsSpan(((t * layers.Length) + d) * block));
        }

        for (int part = 0; part < states.Length; part++)
        {
            state.Parts[part].Values.CopyTo(states[part].Numbers.AsSpan(d * block));
        }
    }

    private static StepMask? Mask(Arguments<T> inputs, int steps, int batch)
    {
        if (inputs.Optional(LengthInput) is null)
        {
            return null;
        }

        long[] lengths = inputs.Integers(LengthInput);
        return lengths.Length == batch && lengths.All(length => length >= 0 && length <= steps)
            ? StepMask.FromLengths(steps, Array.ConvertAll(lengths, length => (int)length))
            : throw inputs.Refuse($"its lengths are not {batch} from 0 to {steps}");
    }

    private Sequence<T> Input(Arguments<T> inputs)
    {
        inputs.Numbers(0);
        OnnxTensor<T> x = inputs[0];
        if (x.Sizes.Length != 3 || x.Count == 0)
        {
            throw inputs.Refuse("its input is not of steps × sequences × features, each at least 1");
        }

        x = InOrder(inputs, x);
        return new Sequence<T>(x.Sizes[0], x.Sizes[1], x.Sizes[2], x.Numbers) { Mask = Mask(inputs, x.Sizes[0], x.Sizes[1]) };
    }

    /// <summary>A tensor of three dimensions, its first two swapped if the sequences come first in those of the node.</summary>
    private OnnxTensor<T> InOrder(Arguments<T> inputs, OnnxTensor<T> tensor) => !BatchFirst
        ? tensor
        : inputs.Strided(
            tensor,
            [tensor.Sizes[1], tensor.Sizes[0], tensor.Sizes[2]],
            0,
            [tensor.Sizes[2], tensor.Sizes[1] * tensor.Sizes[2], 1]);

    private T[] InitialState(Arguments<T> inputs, int n, int[] shape)
    {
        T[] state = inputs.Allocate<T>(shape);
        if (inputs.Optional(n) is null)
        {
            return state;
        }

        inputs.Numbers(n);
        OnnxTensor<T> initial = inputs[n];
        initial = initial.Sizes.Length == 3 ? InOrder(inputs, initial) : initial;
        if (!initial.Sizes.AsSpan().SequenceEqual(shape))
        {
            throw inputs.Refuse($"its input {n}, an initial state, does not fit");
        }

        initial.Numbers.CopyTo(state, 0);
        return state;
    }

    private Layer<T>[] Layers(Arguments<T> inputs)
    {
        RecurrentWeights<T> weights = Weights(inputs.Optional, inputs.Refuse);
        lock (_lock)
        {
            if (_made is not { } made || !made.Weights.Same(weights))
            {
                if (Problem(weights) is string problem)
                {
                    throw inputs.Refuse(problem);
                }

                made = (weights, CreateLayers(weights));
                _made = made;
            }

            return made.Layers;
        }
    }
}
