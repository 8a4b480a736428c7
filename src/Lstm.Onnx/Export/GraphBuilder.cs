using System.Runtime.InteropServices;
using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx.Export;

/// <summary>Puts an ONNX graph together: nodes in the order in which they run, constants, inputs and outputs.</summary>
/// <param name="prefix">What all names begin with: those of a graph within another one must not be in use there.</param>
internal sealed class GraphBuilder(string prefix = "")
{
    /// <summary>The name of the open dimension of steps.</summary>
    public const string Steps = "steps";

    /// <summary>The name of the open dimension of sequences.</summary>
    public const string Batch = "batch";

    private readonly List<WireMessage> _nodes = [];
    private readonly List<WireMessage> _constants = [];
    private readonly List<WireMessage> _inputs = [];
    private readonly List<WireMessage> _outputs = [];
    private readonly HashSet<string> _names = [];
    private readonly Dictionary<string, string> _integers = [];

    /// <summary>Whether zeros would be the wrong start for the states that are inputs.</summary>
    public bool HasGivenStates { get; set; }

    public void AddInput(string name, ElementKind kind, params ReadOnlySpan<Dimension> shape) =>
        _inputs.Add(Value(name, kind, shape));

    public void AddOutput(string name, ElementKind kind, params ReadOnlySpan<Dimension> shape) =>
        _outputs.Add(Value(name, kind, shape));

    /// <summary>
    /// Adds an input and an output of 1 × B × features for a part of the state, and returns their names. Unless
    /// <paramref name="isLearnt"/>, a stream starts at zeros.
    /// </summary>
    public (string State, string Final) AddState(string part, int features, bool isLearnt = false)
    {
        HasGivenStates |= isLearnt;
        (string state, string final) = (Name(OwnModel.StatePrefix + part), Name($"final.{part}"));
        AddInput(state, ElementKind.Float, 1, Batch, features);
        AddOutput(final, ElementKind.Float, 1, Batch, features);
        return (state, final);
    }

    /// <summary>
    /// Adds the state of 1 × B × features before the first step: zeros, or constant numbers, for each of the sequences, of
    /// which the second dimension of an input says how many there are.
    /// </summary>
    public string AddStart(string path, string wanted, float[] numbers, string input)
    {
        string shape = AddNode($"{path}Shape", "Shape", [input]);
        string batch = AddNode($"{path}Slice", "Slice", [shape, Integers(1), Integers(2), Integers(0)]);
        string size = AddNode(
            $"{path}Concat", "Concat", [Integers(1), batch, Integers(numbers.Length)], Attribute("axis", 0L));
        return AddNode($"{path}Expand", "Expand", [AddConstant($"{path}{wanted}", numbers, 1, 1, numbers.Length), size]);
    }

    /// <summary>A name that is not in use, as close to the wanted one as can be. No name in use is given twice.</summary>
    public string Name(string wanted)
    {
        string name = prefix + wanted;
        for (int n = 2; !_names.Add(name); n++)
        {
            name = $"{prefix}{wanted}_{n}";
        }

        return name;
    }

    /// <summary>Adds a constant of numbers and returns its name.</summary>
    public string AddConstant(string wanted, float[] values, params ReadOnlySpan<int> shape)
    {
        string name = Name(wanted);
        _constants.Add(Tensor(ElementKind.Float, Bytes(values), shape).Add(Fields.Tensor.Name, name));
        return name;
    }

    /// <summary>A list of integers, one constant for all places that want the same.</summary>
    public string Integers(params long[] values) => Whole($"integers.{string.Join('.', values)}", values, [values.Length]);

    /// <summary>An integer without dimensions, one constant for all places that want the same.</summary>
    public string Integer(long value) => Whole($"integer.{value}", [value], []);

    /// <summary>Adds a node of one output and returns that output's name; an optional input left out is the empty name.</summary>
    public string AddNode(string wanted, string type, IEnumerable<string> inputs, params IEnumerable<WireMessage> attributes)
    {
        string output = Name(wanted);
        AddNode(output, type, inputs, [output], attributes);
        return output;
    }

    /// <summary>Adds a node with named outputs.</summary>
    public void AddNode(
        string name,
        string type,
        IEnumerable<string> inputs,
        IEnumerable<string> outputs,
        params IEnumerable<WireMessage> attributes)
    {
        var node = new WireMessage();
        foreach (string input in inputs)
        {
            node.Add(Fields.Node.Input, input);
        }

        foreach (string output in outputs)
        {
            node.Add(Fields.Node.Output, output);
        }

        node.Add(Fields.Node.Name, name).Add(Fields.Node.OperatorType, type);
        foreach (WireMessage attribute in attributes)
        {
            node.Add(Fields.Node.Attribute, attribute);
        }

        _nodes.Add(node);
    }

    public static WireMessage Attribute(string name, long value) =>
        Attribute(name, AttributeKind.Integer).Add(Fields.Attribute.Integer, value);

    public static WireMessage Attribute(string name, float value) =>
        Attribute(name, AttributeKind.Float).Add(Fields.Attribute.Float, value);

    public static WireMessage Attribute(string name, string value) =>
        Attribute(name, AttributeKind.Text).Add(Fields.Attribute.Text, value);

    public static WireMessage Attribute(string name, GraphBuilder graph) =>
        Attribute(name, AttributeKind.Graph).Add(Fields.Attribute.Graph, graph.Graph("Step"));

    public static WireMessage Attribute(string name, IEnumerable<long> values) => values.Aggregate(
        Attribute(name, AttributeKind.Integers), (attribute, value) => attribute.Add(Fields.Attribute.Integers, value));

    public static WireMessage Attribute(string name, IEnumerable<float> values) => values.Aggregate(
        Attribute(name, AttributeKind.Floats), (attribute, value) => attribute.Add(Fields.Attribute.Floats, value));

    public static WireMessage Attribute(string name, IEnumerable<string> values) => values.Aggregate(
        Attribute(name, AttributeKind.Texts), (attribute, value) => attribute.Add(Fields.Attribute.Texts, value));

    /// <summary>The whole model.</summary>
    public WireMessage Build(int opset)
    {
        WireMessage model = new WireMessage()
            .Add(Fields.Model.IrVersion, IrVersion(opset))
            .Add(Fields.Model.ProducerName, OwnModel.Producer)
            .Add(Fields.Model.Graph, Graph(OwnModel.Producer))
            .Add(
                Fields.Model.OpsetImport,
                new WireMessage().Add(Fields.OperatorSet.Domain, string.Empty).Add(Fields.OperatorSet.Version, opset));
        return HasGivenStates
            ? model.Add(Fields.Model.Metadata, new WireMessage().Add(Fields.Entry.Key, OwnModel.GivenStates).Add(Fields.Entry.Value, "true"))
            : model;
    }

    private string Whole(string wanted, long[] values, ReadOnlySpan<int> shape)
    {
        if (!_integers.TryGetValue(wanted, out string? name))
        {
            name = Name(wanted);
            _integers.Add(wanted, name);
            _constants.Add(Tensor(ElementKind.Int64, Bytes(values), shape).Add(Fields.Tensor.Name, name));
        }

        return name;
    }

    private WireMessage Graph(string name)
    {
        var graph = new WireMessage();
        AddAll(graph, Fields.Graph.Node, _nodes);
        graph.Add(Fields.Graph.Name, name);
        AddAll(graph, Fields.Graph.Initializer, _constants);
        AddAll(graph, Fields.Graph.Input, _inputs);
        AddAll(graph, Fields.Graph.Output, _outputs);
        return graph;
    }

    /// <summary>The version of the file's format with which a set of operators came out.</summary>
    private static int IrVersion(int opset) => opset switch
    {
        < 15 => 7,
        < 19 => 8,
        < 21 => 9,
        _ => 10,
    };

    private static void AddAll(WireMessage graph, int field, List<WireMessage> messages)
    {
        foreach (WireMessage message in messages)
        {
            graph.Add(field, message);
        }
    }

    private static WireMessage Attribute(string name, AttributeKind kind) =>
        new WireMessage().Add(Fields.Attribute.Name, name).Add(Fields.Attribute.Type, (long)kind);

    private static WireMessage Tensor(ElementKind kind, byte[] values, params ReadOnlySpan<int> shape)
    {
        var tensor = new WireMessage();
        foreach (int size in shape)
        {
            tensor.Add(Fields.Tensor.Dimensions, size);
        }

        return tensor.Add(Fields.Tensor.DataType, (long)kind).Add(Fields.Tensor.RawData, values);
    }

    private static WireMessage Value(string name, ElementKind kind, ReadOnlySpan<Dimension> shape)
    {
        var dimensions = new WireMessage();
        foreach (Dimension dimension in shape)
        {
            dimensions.Add(Fields.Value.Dimension, dimension.Name is null
                ? new WireMessage().Add(Fields.Value.DimensionValue, dimension.Size)
                : new WireMessage().Add(Fields.Value.DimensionName, dimension.Name));
        }

        WireMessage tensor = new WireMessage()
            .Add(Fields.Value.ElementType, (long)kind)
            .Add(Fields.Value.Shape, dimensions);
        return new WireMessage()
            .Add(Fields.Value.Name, name)
            .Add(Fields.Value.Type, new WireMessage().Add(Fields.Value.TensorType, tensor));
    }

    /// <summary>The bytes of numbers, the lowest first as ONNX has them.</summary>
    private static byte[] Bytes<TNumber>(TNumber[] values)
        where TNumber : unmanaged
    {
        byte[] bytes = MemoryMarshal.AsBytes<TNumber>(values).ToArray();
        if (!BitConverter.IsLittleEndian)
        {
            int size = bytes.Length / Math.Max(values.Length, 1);
            for (int n = 0; n < values.Length; n++)
            {
                bytes.AsSpan(n * size, size).Reverse();
            }
        }

        return bytes;
    }
}
