using System.Numerics;
using Lstm.Layers;
using Lstm.Models;
using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx.Export;

/// <summary>Writes a layer, and the layers within it, as nodes of a graph.</summary>
internal sealed class LayerWriter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly GraphBuilder _graph;
    private readonly OnnxExportOptions _options;
    private readonly RecurrentWriter<T> _recurrent;
    private readonly ScanWriter<T> _steps;
    private readonly Dictionary<Parameter<T>, string> _weights = [];

    public LayerWriter(GraphBuilder graph, OnnxExportOptions options)
    {
        (_graph, _options) = (graph, options);
        _recurrent = new RecurrentWriter<T>(graph, options.States);
        _steps = new ScanWriter<T>(graph, options);
    }

    /// <summary>Adds the nodes of a layer; <paramref name="path"/> is what its parts' names begin with.</summary>
    public Signal Write(Layer<T> layer, Signal input, string path) =>
        Nodes(layer, input, path) with { Padding = layer.GivesOneStep ? null : input.Padding };

    private Signal Nodes(Layer<T> layer, Signal input, string path) => layer switch
    {
        EmbeddingLayer<T> embedding => Embedding(embedding, input, path),
        OneHotLayer<T> oneHot => OneHot(oneHot, input, path),
        Network<T> network => Network(network, input, path),
        BidirectionalLayer<T> both => Bidirectional(both, input, path),
        ReverseLayer<T> reverse => Reverse(reverse.Inner, input, path),
        ResidualLayer<T> residual => Node(path, "Add", [Numeric(input, layer, path), Write(residual.Inner, input, path).Name]),
        StatefulLayer<T> stateful => Write(stateful.Inner, input, path),
        DropoutLayer<T> => input,
        LastStepLayer<T> => LastStep(input with { Name = Numeric(input, layer, path) }, path),
        DenseLayer<T> dense => Dense(dense, Numeric(input, layer, path), path),
        PoolLayer<T> pool => Pool(pool, input with { Name = Numeric(input, layer, path) }, path),
        _ when IsRecurrent(layer) => Recurrent(layer, input, path, reverse: false),
        _ => throw new OnnxException($"{Place(layer, path)} cannot be written: layers of its kind are not."),
    };

    private static string Place(Layer<T> layer, string path) =>
        path.Length == 0 ? $"{layer}" : $"Layer {path.TrimEnd('.')}, {layer},";

    private static string Numeric(Signal input, Layer<T> layer, string path) => !input.IsTokens
        ? input.Name
        : throw new OnnxException($"{Place(layer, path)} cannot be written: its input are indices of tokens, not numbers.");

    private static string Tokens(Signal input, Layer<T> layer, string path) => input.IsTokens
        ? input.Padding?.Tokens(input.Name, path) ?? input.Name
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
        if (IsRecurrent(inner))
        {
            return Recurrent(inner, input, path, reverse: true);
        }

        Signal reversed = input with { Name = Reversed(input, path) };
        return new Signal(Reversed(Write(inner, reversed, path), path), false);
    }

    private static bool IsRecurrent(Layer<T> layer) => layer is LstmLayer<T> or GruLayer<T> or RnnLayer<T>;

    private Signal Recurrent(Layer<T> layer, Signal input, string path, bool reverse)
    {
        Signal numbers = input with { Name = Numeric(input, layer, path) };
        string output = Recurrence<T>.Of(layer) is { } node
            ? _recurrent.Write(node, numbers, path, reverse)
            : _steps.Write((LstmLayer<T>)layer, numbers, path, reverse);
        return new Signal(output, false);
    }

    /// <summary>All steps turned round; each sequence within its length.</summary>
    private string Reversed(Signal input, string path) => input.Padding is { } padding
        ? Node(
            path,
            "ReverseSequence",
            [input.Name, padding.Whole],
            GraphBuilder.Attribute("batch_axis", 1),
            GraphBuilder.Attribute("time_axis", 0)).Name
        : Node(
            path,
            "Slice",
            [input.Name, _graph.Integers(-1), _graph.Integers(long.MinValue), _graph.Integers(0), _graph.Integers(-1)]).Name;

    /// <summary>The last step; of sequences of different length the sum over the steps of which all but each one's last are zero.</summary>
    private Signal LastStep(Signal input, string path) => input.Padding is { } padding
        ? new Signal(Sum(padding.OnlyLast(input.Name, path), path), false)
        : Node(path, "Slice", [input.Name, _graph.Integers(-1), _graph.Integers(long.MaxValue), _graph.Integers(0)]);

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

        string bias = _graph.AddConstant($"{path}Bias", Numbers.Of(layer.Bias), layer.Outputs);
        return Node(path, "Add", [Node(path, "MatMul", [input, weights]).Name, bias]);
    }

    /// <summary>The mean or the maximum of the steps and of those before them, which the state holds.</summary>
    private Signal Pool(PoolLayer<T> layer, Signal input, string path)
    {
        bool isMean = layer.Pooling == Pooling.Mean;
        string total = (isMean, input.Padding) switch
        {
            (true, null) => Sum(input.Name, path),
            (true, { } padding) => Sum(padding.Cleared(input.Name, path), path),
            (false, null) => Maximum(input.Name, path),
            (false, { } padding) => Maximum(padding.Lowered(input.Name, path), path),
        };
        string count = input.Padding?.Count
            ?? Node(path, "Cast", [Length(input.Name, path)], GraphBuilder.Attribute("to", (long)ElementKind.Float)).Name;
        if (_options.States)
        {
            (string totalBefore, string totalAfter) = _graph.AddState($"{path}Total", layer.Outputs);
            (string countBefore, string countAfter) = _graph.AddState($"{path}Count", 1);
            string both = Node(path, isMean ? "Add" : "Max", [totalBefore, total]).Name;
            if (!isMean)
            {
                // Before the first step there is no maximum; the state is zeros.
                both = Node(path, "Where", [IsPositive(countBefore, path), both, total]).Name;
            }

            count = Node(path, "Add", [countBefore, count]).Name;
            total = both;
            string kept = isMean || input.Padding is null
                ? total
                : Node(path, "Where", [IsPositive(count, path), total, totalBefore]).Name;
            _graph.AddNode(totalAfter, "Identity", [kept], [totalAfter]);
            _graph.AddNode(countAfter, "Identity", [count], [countAfter]);
        }

        Signal result = isMean ? Node(path, "Div", [total, count]) : new Signal(total, false);

        // Only sequences of length 0 have no step.
        return input.Padding is null
            ? result
            : Node(path, "Where", [IsPositive(count, path), result.Name, _graph.AddConstant($"{path}None", [0])]);
    }

    private string IsPositive(string count, string path) =>
        Node(path, "Greater", [count, _graph.AddConstant($"{path}Half", [0.5f])]).Name;

    private string Sum(string input, string path) => Node(path, "ReduceSum", [input, _graph.Integers(0)]).Name;

    /// <summary>The number of steps, in a list of one.</summary>
    private string Length(string input, string path) => Node(
        path, "Slice", [Node(path, "Shape", [input]).Name, _graph.Integers(0), _graph.Integers(1), _graph.Integers(0)]).Name;

    /// <summary>The maximum over the steps. What was an attribute of the operator is an input since version 18.</summary>
    private string Maximum(string input, string path) => _options.Opset < 18
        ? Node(path, "ReduceMax", [input], GraphBuilder.Attribute("axes", [0L])).Name
        : Node(path, "ReduceMax", [input, _graph.Integers(0)]).Name;

    /// <summary>Weights of columns in memory, as rows: the transpose. A parameter of several layers is written once.</summary>
    private string Weights(Parameter<T> parameter, string path)
    {
        if (!_weights.TryGetValue(parameter, out string? name))
        {
            name = _graph.AddConstant(
                $"{path}{parameter.Name}", Numbers.Of(parameter), parameter.Columns, parameter.Rows);
            _weights.Add(parameter, name);
        }

        return name;
    }

    private Signal Node(string path, string type, IEnumerable<string> inputs, params IEnumerable<WireMessage> attributes) =>
        new(_graph.AddNode(path + type, type, inputs, attributes), false);
}
