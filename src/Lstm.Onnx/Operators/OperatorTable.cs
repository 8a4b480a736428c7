using System.Numerics;

namespace Lstm.Onnx.Operators;

/// <summary>The operators that are known, by name: each makes its kernel of a node's attributes.</summary>
internal sealed class OperatorTable<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<string, Func<NodeReader, Kernel<T>>> _operators = [];

    private OperatorTable()
    {
        ElementOperators<T>.AddTo(this);
        MatrixOperators<T>.AddTo(this);
        ShapeOperators<T>.AddTo(this);
        SelectionOperators<T>.AddTo(this);
        ReductionOperators<T>.AddTo(this);
        RecurrentOperators<T>.AddTo(this);
        Add("Scan", ScanOperator<T>.Create);
    }

    public static OperatorTable<T> All { get; } = new();

    public void Add(string name, Func<NodeReader, Kernel<T>> create) => _operators.Add(name, create);

    /// <summary>The kernel of a node.</summary>
    /// <exception cref="OnnxException">The operator, or an attribute of the node, is not supported.</exception>
    public Kernel<T> Create(NodeReader node)
    {
        if (!Protobuf.ModelData.IsOwn(node.Node.Domain))
        {
            throw node.Refuse($"its operator is not one of ONNX, but of {node.Node.Domain}");
        }

        if (!_operators.TryGetValue(node.Node.Operator, out Func<NodeReader, Kernel<T>>? create))
        {
            throw node.Refuse("its operator is not supported");
        }

        Kernel<T> kernel = create(node);
        node.CheckAllTaken();
        return kernel;
    }
}
