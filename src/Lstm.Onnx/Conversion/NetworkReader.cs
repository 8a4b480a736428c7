using System.Numerics;
using Lstm.Layers;
using Lstm.Models;
using Lstm.Onnx.Graphs;
using Lstm.Onnx.Operators;
using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx.Conversion;

/// <summary>
/// Makes a network of a graph. It follows the nodes from the first input to the first output, and keeps for each tensor what
/// it means; what it has made is then run beside the graph.
/// </summary>
internal sealed partial class NetworkReader<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Graph<T> _graph;
    private readonly Dictionary<string, Meaning<T>> _meanings = [];
    private readonly Dictionary<string, NodeData> _givers = [];
    private readonly Dictionary<string, EmbeddingLayer<T>> _embeddings = [];
    private readonly string _inputAxes;

    /// <summary>The inputs of the model that nodes take as lengths.</summary>
    private readonly HashSet<string> _lengths = [];

    /// <summary>Whether a recurrent node wants steps and sequences in the other order.</summary>
    private bool _isOtherOrder;

    private NetworkReader(Graph<T> graph, bool batchFirst)
    {
        _graph = graph;
        _inputAxes = (batchFirst ? "BT" : "TB") + (graph.Inputs[0].IsInteger ? string.Empty : "F");
    }

    /// <summary>Makes the network.</summary>
    /// <exception cref="OnnxException">The graph is no chain of layers; the message says which node does not fit, and why.</exception>
    public static Network<T> Read(Graph<T> graph, bool withoutSoftmax)
    {
        if (graph.Inputs.Count == 0)
        {
            throw new OnnxException("The model cannot be made a network: it has no input.");
        }

        // What the file says of its input does not tell steps from sequences; the first recurrent node does.
        return new NetworkReader<T>(graph, batchFirst: false).TryRead(withoutSoftmax)
            ?? new NetworkReader<T>(graph, batchFirst: true).TryRead(withoutSoftmax)
            ?? throw new OnnxException(
                "The model cannot be made a network: its recurrent nodes run along different dimensions of the input.");
    }

    private Network<T>? TryRead(bool withoutSoftmax)
    {
        OnnxValue input = _graph.Inputs[0];
        int features = input.IsInteger ? 1 : input.Shape is [_, _, { Size: int size }] ? size : 0;
        var start = new Stage<T>(null, features, null);
        foreach (OnnxValue other in _graph.Inputs.Skip(1))
        {
            _meanings[other.Name] = other is { IsInteger: true, Shape: null or [_] }
                ? new Meaning<T>.Lengths(other.Name)
                : new Meaning<T>.Aside();
        }

        _meanings[input.Name] = new Meaning<T>.Signal(start, _inputAxes);
        string output = _graph.Outputs[0].Name;
        foreach (NodeData node in NodesTo(output))
        {
            Read(node);
            if (_isOtherOrder)
            {
                return null;
            }
        }

        if (Of(output) is not Meaning<T>.Signal end)
        {
            throw new OnnxException($"The model cannot be made a network: its output '{output}' does not come from its input '{input.Name}'.");
        }

        List<Stage<T>> stages = end.Stage.Since(start)!;
        bool softmax = withoutSoftmax && stages is [.., { Fragment: Fragment.Softmax }];
        if (softmax)
        {
            stages.RemoveAt(stages.Count - 1);
        }

        if (stages.Count == 0)
        {
            throw new OnnxException("The model cannot be made a network: there is no layer between its input and its output.");
        }

        var network = new Network<T>(LayersOf(stages));
        NetworkProof<T>.Check(_graph, network, _inputAxes, end.Axes, softmax, _lengths);
        return network;
    }

    /// <summary>The nodes that an output needs, in their order.</summary>
    private List<NodeData> NodesTo(string output)
    {
        HashSet<string> needed = [output];
        List<NodeData> nodes = [];
        foreach (NodeData node in _graph.Nodes.Reverse())
        {
            if (node.Outputs.Any(name => name.Length > 0 && needed.Contains(name)))
            {
                needed.UnionWith(node.Inputs);
                nodes.Add(node);
                foreach (string name in node.Outputs)
                {
                    _givers[name] = node;
                }
            }
        }

        nodes.Reverse();
        return nodes;
    }

    private Meaning<T>? Of(string name) => name.Length == 0 ? null
        : _graph.Constant(name) is { } tensor ? new Meaning<T>.Fixed(tensor)
        : _meanings.GetValueOrDefault(name);

    private void Read(NodeData node)
    {
        if (_graph.Constant(node.Outputs[0]) is not null)
        {
            return;
        }

        var part = new NodePart<T>(node, [.. node.Inputs.Select(Of)], new NodeReader(node, _graph.Opset, _graph.MaxElements));
        if (part.Inputs.OfType<Meaning<T>.Unusable>().FirstOrDefault() is { } unusable)
        {
            throw part.Refuse(unusable.Reason);
        }

        _lengths.UnionWith(part.Inputs.OfType<Meaning<T>.Lengths>().Select(lengths => lengths.Input));
        try
        {
            if (part.Signals.Count == 0)
            {
                _meanings[node.Outputs[0]] = WithoutSignal(part);
            }
            else if (node.Operator is "LSTM" or "GRU" or "RNN")
            {
                ReadRecurrent(part);
            }
            else
            {
                _meanings[node.Outputs[0]] = WithSignal(part);
            }
        }
        catch (ArgumentException e)
        {
            // Layers that do not fit together, or are too large.
            throw part.Refuse(e.Message);
        }
    }

    private static Meaning<T> WithoutSignal(NodePart<T> part) => part.Inputs switch
    {
        [Meaning<T>.Stacked stack, ..] => Picked(part, stack),
        _ when part.Inputs.Any(input => input is Meaning<T>.Stacked) => throw part.Refuse("it takes the final states of several layers"),
        [Meaning<T>.Lengths lengths] when part.Node.Operator is "Cast" or "Identity" => lengths,
        [Meaning<T>.Fixed source, ..] when part.Node.Operator == "Expand" => new Meaning<T>.Aside(source.Tensor),
        _ => new Meaning<T>.Aside(),
    };

    private Meaning<T> WithSignal(NodePart<T> part) => part.Node.Operator switch
    {
        "Identity" or "Cast" => part.Signals[0],
        "Shape" or "Size" => new Meaning<T>.Aside(),
        "Dropout" => Dropout(part),
        "Transpose" => Transpose(part),
        "Squeeze" => Squeeze(part),
        "Unsqueeze" => Unsqueeze(part),
        "Reshape" => Reshape(part),
        "Gather" => part.Inputs[0] is Meaning<T>.Fixed table ? Embedding(part, table.Tensor) : OneStep(part),
        "Slice" => Slice(part),
        "ReverseSequence" => ReverseSequence(part),
        "OneHot" => OneHot(part),
        "MatMul" => Product(part),
        "Gemm" => Gemm(part),
        "Concat" => Concat(part),
        "Add" => Add(part),
        "Mul" => Mul(part),
        "ReduceSum" or "ReduceMean" or "ReduceMax" => Reduce(part),
        "Where" when part.Inputs is [Meaning<T>.Aside, Meaning<T>.Signal x, Meaning<T>.Fixed] => Padding(part, x),
        "Div" or "Max" or "Where" => Pool(part),
        "Softmax" => part.After(part.Signals[0], part.Signals[0].Axes, Fragment.Softmax),
        _ => throw part.Refuse("there is no layer for it"),
    };

    /// <summary>The layers of a way, of which none may be a fragment.</summary>
    private static Layer<T>[] LayersOf(List<Stage<T>> stages) =>
    [
        .. stages.Select(stage => stage.Layer ?? throw new OnnxException(NodePart<T>.Reason(stage.Node!, stage.Fragment switch
        {
            Fragment.Reversal => "the steps are not turned back after the layers that follow",
            Fragment.Ends => "the last steps are not added up",
            Fragment.Sum => "the sum of the steps is not divided by their number",
            _ => "a softmax can only be left out at the end, if that is asked for",
        }))),
    ];

    /// <summary>The layers of a way as one.</summary>
    private static Layer<T> LayerOf(List<Stage<T>> stages) => LayersOf(stages) is [Layer<T> only] ? only : new Network<T>(LayersOf(stages));
}
