using System.Numerics;
using Lstm.Layers;
using Lstm.Models;
using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx.Export;

/// <summary>Writes a layer, and the layers within it, as nodes of a graph.</summary>
internal sealed class LayerWriter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public const string Steps = "steps";
    public const string Batch = "batch";

    private readonly GraphBuilder _graph;
    private readonly bool _states;
    private readonly Dictionary<Parameter<T>, string> _weights = [];

    public LayerWriter(GraphBuilder graph, bool states) => (_graph, _states) = (graph, states);

    /// <summary>Whether the layer's input are tokens, which come as integers.</summary>
    public static bool TakesTokens(Layer<T> layer) => layer switch
    {
        EmbeddingLayer<T> or OneHotLayer<T> => true,
        Network<T> network => TakesTokens(network.Layers[0]),
        BidirectionalLayer<T> both => TakesTokens(both.ForwardLayer),
        WrapperLayer<T> wrapper => TakesTokens(wrapper.Inner),
        _ => false,
    };

    /// <summary>Adds the nodes of a layer; <paramref name="path"/> is what its parts' names begin with.</summary>
    public Signal Write(Layer<T> layer, Signal input, string path) => layer switch
    {
        EmbeddingLayer<T> embedding => Embedding(embedding, input, path),
        OneHotLayer<T> oneHot => OneHot(oneHot, input, path),
        Network<T> network => Network(network, input, path),
        BidirectionalLayer<T> both => Bidirectional(both, input, path),
        ReverseLayer<T> reverse => Reverse(reverse.Inner, input, path),
        ResidualLayer<T> residual => Node(path, "Add", [Numbers(input, layer, path), Write(residual.Inner, input, path).Name]),
        StatefulLayer<T> stateful => Write(stateful.Inner, input, path),
        DropoutLayer<T> => input,
        LastStepLayer<T> => LastStep(Numbers(input, layer, path), path),
        DenseLayer<T> dense => Dense(dense, Numbers(input, layer, path), path),
        LstmLayer<T> lstm => Lstm(lstm, Numbers(input, layer, path), path, "forward"),
        _ => throw new OnnxException($"{Place(layer, path)} cannot be written: layers of its kind are not."),
    };

    private static string Place(Layer<T> layer, string path) =>
        path.Length == 0 ? $"{layer}" : $"Layer {path.TrimEnd('.')}, {layer},";

    private static string Numbers(Signal input, Layer<T> layer, string path) => !input.IsTokens
        ? input.Name
        : throw new OnnxException($"{Place(layer, path)} cannot be written: its input are indices of tokens, not numbers.");

    private static string Tokens(Signal input, Layer<T> layer, string path) => input.IsTokens
        ? input.Name
        : throw new OnnxException($"{Place(layer, path)} cannot be written: its input are numbers, not indices of tokens.");

    private Signal Network(Network<T> network, Signal input, string path)
    {
        for (int n = 0; n < network.Layers.Count; n++)
        {
            input = Write(network.Layers[n], input, $"{path}{n}.");
        }

        return input;
    }

    private Signal Bidirectional(BidirectionalLayer<T> layer, Signal input, string path)
    {
        string forward = Write(layer.ForwardLayer, input, $"{path}Forward.").Name;
        string backward = Reverse(layer.BackwardLayer, input, $"{path}Backward.").Name;
        string[] both = [forward, backward];
        return layer.Merge switch
        {
            Merge.Concatenate => Node(path, "Concat", both, GraphBuilder.Attribute("axis", -1)),
            Merge.Sum => Node(path, "Add", both),
            Merge.Multiply => Node(path, "Mul", both),
            Merge.Average => Node(
                path, "Mul", [Node(path, "Add", both).Name, _graph.AddConstant($"{path}Half", [0.5f])]),
            _ => throw new OnnxException($"{Place(layer, path)} cannot be written: {layer.Merge} has no operator."),
        };
    }

    /// <summary>A recurrent layer runs in reverse by itself; around any other, the steps are turned round.</summary>
    private Signal Reverse(Layer<T> inner, Signal input, string path)
    {
        if (inner is LstmLayer<T> lstm)
        {
            return Lstm(lstm, Numbers(input, inner, path), path, "reverse");
        }

        Signal reversed = input with { Name = Reversed(input.Name, path) };
        return new Signal(Reversed(Write(inner, reversed, path).Name, path), false);
    }

    private string Reversed(string input, string path) => Node(
        path,
        "Slice",
        [input, _graph.Integers(-1), _graph.Integers(long.MinValue), _graph.Integers(0), _graph.Integers(-1)]).Name;

    private Signal LastStep(string input, string path) => Node(
        path, "Slice", [input, _graph.Integers(-1), _graph.Integers(long.MaxValue), _graph.Integers(0)]);

    private Signal Embedding(EmbeddingLayer<T> layer, Signal input, string path) =>
        Node(path, "Gather", [Weights(layer.Weights, path), Tokens(input, layer, path)]);

    private Signal OneHot(OneHotLayer<T> layer, Signal input, string path) => Node(
        path,
        "OneHot",
        [Tokens(input, layer, path), _graph.Integers(layer.Outputs), _graph.AddConstant($"{path}Values", [0, 1], 2)]);

    private Signal Dense(DenseLayer<T> layer, string input, string path)
    {
        // A column of W is a row here: the two are the same in memory. An embedding's are the other way round.
        string weights = Weights(layer.Weights, path);
        if (layer.IsTied)
        {
            weights = Node(path, "Transpose", [weights], GraphBuilder.Attribute("perm", [1L, 0])).Name;
        }

        string bias = _graph.AddConstant($"{path}Bias", Floats(layer.Bias), layer.Outputs);
        return Node(path, "Add", [Node(path, "MatMul", [input, weights]).Name, bias]);
    }

    private Signal Lstm(LstmLayer<T> layer, string input, string path, string direction)
    {
        if (!layer.Options.IsPlainInInference())
        {
            throw new OnnxException($"{Place(layer, path)} cannot be written: of its options only dropout and how it is drawn are.");
        }

        int units = layer.HiddenUnits;
        List<string> inputs =
        [
            input,
            Gates(layer.InputWeights, units, path),
            Gates(layer.RecurrentWeights, units, path),
            Bias(layer.Bias, units, path),
            string.Empty,
        ];
        string output = _graph.Name($"{path}LSTM");
        List<string> outputs = [output];
        AddState($"{path}Hidden", units, inputs, outputs);
        AddState($"{path}Cell", units, inputs, outputs);
        _graph.AddNode(
            output,
            "LSTM",
            inputs,
            outputs,
            GraphBuilder.Attribute("direction", direction),
            GraphBuilder.Attribute("hidden_size", units));

        // T × 1 × B × H: the second is the number of directions.
        return Node(path, "Squeeze", [output, _graph.Integers(1)]);
    }

    private void AddState(string part, int units, List<string> inputs, List<string> outputs)
    {
        if (_states)
        {
            inputs.Add(_graph.Name($"state.{part}"));
            outputs.Add(_graph.Name($"final.{part}"));
            _graph.AddInput(inputs[^1], ElementKind.Float, 1, Batch, units);
            _graph.AddOutput(outputs[^1], ElementKind.Float, 1, Batch, units);
        }
    }

    /// <summary>Weights of columns in memory, as rows: the transpose. A parameter of several layers is written once.</summary>
    private string Weights(Parameter<T> parameter, string path)
    {
        if (!_weights.TryGetValue(parameter, out string? name))
        {
            name = _graph.AddConstant(
                $"{path}{parameter.Name}", Floats(parameter), parameter.Value.ColumnCount, parameter.Value.RowCount);
            _weights.Add(parameter, name);
        }

        return name;
    }

    /// <summary>1 × 4H × columns, row by row, the gates in ONNX's order i, o, f, c.</summary>
    private string Gates(Parameter<T> parameter, int units, string path)
    {
        int columns = parameter.Value.ColumnCount;
        float[] source = Floats(parameter);
        float[] rows = new float[source.Length];
        for (int row = 0; row < 4 * units; row++)
        {
            int from = GateOrder.FromOnnx(row, units);
            for (int column = 0; column < columns; column++)
            {
                rows[(row * columns) + column] = source[(column * 4 * units) + from];
            }
        }

        return _graph.AddConstant($"{path}{parameter.Name}", rows, 1, 4 * units, columns);
    }

    /// <summary>1 × 8H: the bias, and zeros for ONNX's second one.</summary>
    private string Bias(Parameter<T> bias, int units, string path)
    {
        float[] source = Floats(bias);
        float[] both = new float[8 * units];
        for (int row = 0; row < 4 * units; row++)
        {
            both[row] = source[GateOrder.FromOnnx(row, units)];
        }

        return _graph.AddConstant($"{path}{bias.Name}", both, 1, 8 * units);
    }

    private Signal Node(string path, string type, IEnumerable<string> inputs, params IEnumerable<WireMessage> attributes) =>
        new(_graph.AddNode(path + type, type, inputs, attributes), false);

    private static float[] Floats(Parameter<T> parameter)
    {
        float[] values = new float[parameter.Count];
        System.Numerics.Tensors.TensorPrimitives.ConvertTruncating<T, float>(parameter.Values, values);
        return values;
    }
}
