using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx.Operators;

/// <summary>Gives an operator the attributes of its node, each of the kind that it has to be, and finds those that nobody wanted.</summary>
internal sealed class NodeReader
{
    private readonly Dictionary<string, AttributeData> _attributes = [];

    public NodeReader(NodeData node, int opset, long maxElements)
    {
        (Node, Opset, MaxElements) = (node, opset, maxElements);
        foreach (AttributeData attribute in node.Attributes)
        {
            if (!_attributes.TryAdd(attribute.Name, attribute))
            {
                throw Refuse($"its attribute {attribute.Name} stands there twice");
            }
        }
    }

    public NodeData Node { get; }

    /// <summary>The version of the operators.</summary>
    public int Opset { get; }

    /// <summary>The most elements that the tensors of one run may have together.</summary>
    public long MaxElements { get; }

    public long Integer(string name, long otherwise) => Take(name, AttributeKind.Integer)?.Integer ?? otherwise;

    public bool Flag(string name, bool otherwise = false) => Integer(name, otherwise ? 1 : 0) != 0;

    public float Number(string name, float otherwise) => Take(name, AttributeKind.Float)?.Number ?? otherwise;

    public string Text(string name, string otherwise) => Take(name, AttributeKind.Text)?.Text ?? otherwise;

    public IReadOnlyList<long>? Integers(string name) => Take(name, AttributeKind.Integers)?.Integers;

    public IReadOnlyList<float>? Numbers(string name) => Take(name, AttributeKind.Floats)?.Numbers;

    public IReadOnlyList<string>? Texts(string name) => Take(name, AttributeKind.Texts)?.Texts;

    public TensorData? Tensor(string name) => Take(name, AttributeKind.Tensor)?.Tensor;

    public GraphData? Graph(string name) => Take(name, AttributeKind.Graph)?.Graph;

    /// <summary>Takes note of attributes that have no meaning here.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            _attributes.Remove(name);
        }
    }

    /// <summary>Refuses a node with attributes that its operator does not know.</summary>
    public void CheckAllTaken()
    {
        foreach (string name in _attributes.Keys)
        {
            throw Refuse($"its attribute {name} is not known");
        }
    }

    /// <summary>An exception that says which node cannot be read, and why.</summary>
    public OnnxException Refuse(string reason) => new($"{Node} cannot be read: {reason}.");

    private AttributeData? Take(string name, AttributeKind kind)
    {
        if (!_attributes.Remove(name, out AttributeData? attribute))
        {
            return null;
        }

        // Files of the oldest kind do not say what an attribute holds.
        if (attribute.Kind != kind && attribute.Kind != AttributeKind.Undefined)
        {
            throw Refuse($"its attribute {name} is of kind {attribute.Kind}, not {kind}");
        }

        return attribute;
    }
}
