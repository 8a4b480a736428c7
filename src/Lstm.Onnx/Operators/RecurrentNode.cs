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
        inputs.Numbers(0);
        OnnxTensor<T> x = inputs[0];
        if (x.Sizes.Length != 3 || x.Count == 0)
        {
            throw inputs.Refuse("its input is not of steps × sequences × features, each at least 1");
        }

        x = BatchFirst ? Swapped(inputs, x) : x;
        (int steps, int batch) = (x.Sizes[0], x.Sizes[1]);
        Layer<T>[] layers = Layers(inputs);
        int units = layers[0].Outputs;
        if (layers[0].Inputs != x.Sizes[2])
        {
            throw inputs.Refuse($"its weights are for {layers[0].Inputs} features");
        }

        var input = new Sequence<T>(steps, batch, x.Sizes[2], x.Numbers) { Mask = Mask(inputs, steps, batch) };
        int directions = layers.Length;
        T[] y = inputs.Allocate<T>([steps, directions, batch, units]);
        var final = new T[_states][];
        for (int part = 0; part < _states; part++)
        {
            final[part] = inputs.Allocate<T>([directions, batch, units]);
            CopyInitialState(inputs, 5 + part, final[part], [directions, batch, units]);
        }

        int block = batch * units;
        for (int d = 0; d < directions; d++)
        {
            LayerState<T> state = layers[d].CreateState(batch);
            for (int part = 0; part < _states; part++)
            {
                final[part].AsSpan(d * block, block).CopyTo(state.Parts[part].Values);
            }

            Sequence<T> output = layers[d].Infer(input, state);
            for (int t = 0; t < steps; t++)
            {
                output.Step(t).CopyTo(y.AsSpan(((t * directions) + d) * block));
            }

            for (int part = 0; part < _states; part++)
            {
                state.Parts[part].Values.CopyTo(final[part].AsSpan(d * block));
            }
        }

        var outputs = new OnnxTensor<T>[1 + _states];
        var all = new OnnxTensor<T>([steps, directions, batch, units], y);
        outputs[0] = BatchFirst
            ? inputs.Strided(
                all, [batch, steps, directions, units], 0, [units, directions * block, block, 1])
            : all;
        for (int part = 0; part < _states; part++)
        {
            var last = new OnnxTensor<T>([directions, batch, units], final[part]);
            outputs[1 + part] = BatchFirst ? Swapped(inputs, last) : last;
        }

        return outputs;
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

    private static OnnxTensor<T> Swapped(Arguments<T> inputs, OnnxTensor<T> tensor) => inputs.Strided(
        tensor,
        [tensor.Sizes[1], tensor.Sizes[0], tensor.Sizes[2]],
        0,
        [tensor.Sizes[2], tensor.Sizes[1] * tensor.Sizes[2], 1]);

    private static StepMask? Mask(Arguments<T> inputs, int steps, int batch)
    {
        if (inputs.Optional(4) is null)
        {
            return null;
        }

        long[] lengths = inputs.Integers(4);
        return lengths.Length == batch && lengths.All(length => length >= 0 && length <= steps)
            ? StepMask.FromLengths(steps, Array.ConvertAll(lengths, length => (int)length))
            : throw inputs.Refuse($"its lengths are not {batch} from 0 to {steps}");
    }

    private void CopyInitialState(Arguments<T> inputs, int n, T[] state, int[] shape)
    {
        if (inputs.Optional(n) is null)
        {
            return;
        }

        inputs.Numbers(n);
        OnnxTensor<T> initial = inputs[n];
        initial = BatchFirst && initial.Sizes.Length == 3 ? Swapped(inputs, initial) : initial;
        if (!initial.Sizes.AsSpan().SequenceEqual(shape))
        {
            throw inputs.Refuse($"its input {n}, an initial state, does not fit");
        }

        initial.Numbers.CopyTo(state, 0);
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
