using System.Numerics;
using Lstm.Onnx.Operators;
using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx.Graphs;

/// <summary>
/// The nodes of a model in the order in which they run, and a slot for each tensor between them. It is checked when it is
/// made; tensors are converted, and what follows from constants alone is computed, when it first runs.
/// </summary>
internal sealed class Graph<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The newest version of the operators that is known. What the oldest had apart from it are attributes.</summary>
    private const int NewestOpset = 24;

    private readonly Dictionary<string, int> _slots = [];
    private readonly List<(int Slot, TensorData Tensor)> _constants = [];
    private readonly GraphStep<T>[] _steps;
    private readonly int[] _outputs;
    private readonly Lazy<Prepared> _prepared;

    /// <summary>Puts the nodes of a model in their places.</summary>
    /// <exception cref="OnnxException">A node cannot be read, or uses what no node before it gives.</exception>
    public Graph(ModelData model, long maxElements)
        : this(model.Graph, Checked(model.Opset), maxElements)
    {
    }

    /// <summary>Puts the nodes of a graph in their places.</summary>
    /// <exception cref="OnnxException">A node cannot be read, or uses what no node before it gives.</exception>
    public Graph(GraphData data, int opset, long maxElements)
    {
        (Nodes, Opset, MaxElements) = (data.Nodes, opset, maxElements);
        foreach (TensorData constant in data.Constants)
        {
            _constants.Add((Define(constant.Name, "A constant tensor"), constant));
        }

        // In old files constants are listed among the inputs as well.
        Inputs = [.. data.Inputs.Where(input => !_slots.ContainsKey(input.Name)).Select(Value)];
        foreach (OnnxValue input in Inputs)
        {
            Define(input.Name, "An input");
        }

        _steps = [.. data.Nodes.Select(CreateStep)];
        _outputs = [.. data.Outputs.Select(output => _slots.TryGetValue(output.Name, out int slot)
            ? slot
            : throw new OnnxException($"The output '{output.Name}' is given by no node."))];
        Outputs = [.. data.Outputs.Select(Value)];
        if (_outputs.Length == 0)
        {
            throw new OnnxException("The graph has no output.");
        }

        if (Outputs.DistinctBy(output => output.Name).Count() < Outputs.Count)
        {
            throw new OnnxException("The graph has an output twice.");
        }

        _prepared = new Lazy<Prepared>(Prepare);
    }

    public IReadOnlyList<NodeData> Nodes { get; }

    /// <summary>The version of the operators.</summary>
    public int Opset { get; }

    /// <summary>The most elements that the tensors of one run may have together.</summary>
    public long MaxElements { get; }

    public IReadOnlyList<OnnxValue> Inputs { get; }

    public IReadOnlyList<OnnxValue> Outputs { get; }

    /// <summary>The tensor of a name if it follows from constants alone; otherwise null.</summary>
    public OnnxTensor<T>? Constant(string name) =>
        _slots.TryGetValue(name, out int slot) ? _prepared.Value.Slots[slot] : null;

    /// <summary>Computes the outputs.</summary>
    /// <exception cref="OnnxException">A node cannot be run on these inputs.</exception>
    public OnnxTensor<T>[] Run(IReadOnlyList<OnnxTensor<T>> inputs) => Run(inputs, new ElementBudget(MaxElements));

    /// <summary>Computes the outputs, whose elements, and those on the way, are taken from a budget.</summary>
    /// <exception cref="OnnxException">A node cannot be run on these inputs.</exception>
    public OnnxTensor<T>[] Run(IReadOnlyList<OnnxTensor<T>> inputs, ElementBudget budget)
    {
        Prepared prepared = _prepared.Value;
        OnnxTensor<T>?[] slots = [.. prepared.Slots];
        for (int n = 0; n < Inputs.Count; n++)
        {
            slots[_slots[Inputs[n].Name]] = inputs[n];
        }

        foreach ((GraphStep<T> step, int[] last) in prepared.Steps)
        {
            step.Run(slots, budget);
            foreach (int slot in last)
            {
                slots[slot] = null;
            }
        }

        return Array.ConvertAll(_outputs, slot => slots[slot]!);
    }

    private static int Checked(long opset) => opset is >= 1 and <= NewestOpset
        ? (int)opset
        : throw new OnnxException($"The operators are of version {opset}; those from 1 to {NewestOpset} are supported.");

    private static OnnxValue Value(ValueData value)
    {
        bool? integer = value.Kind switch
        {
            ElementKind.Float or ElementKind.Double or ElementKind.Float16 or ElementKind.BFloat16 => false,
            ElementKind.Int64 or ElementKind.Int32 or ElementKind.Int8 or ElementKind.UInt8 or ElementKind.Bool => true,
            _ => null,
        };
        return integer is bool kind
            ? new OnnxValue(value.Name, kind, value.Shape)
            : throw new OnnxException($"The input or output '{value.Name}' is of type {(int)value.Kind}, which is not supported.");
    }

    private int Define(string name, string what)
    {
        if (name.Length == 0)
        {
            throw new OnnxException($"{what} has no name.");
        }

        int slot = _slots.Count;
        return _slots.TryAdd(name, slot) ? slot : throw new OnnxException($"{what} is called '{name}', as something else is.");
    }

    private GraphStep<T> CreateStep(NodeData node)
    {
        var reader = new NodeReader(node, Opset, MaxElements);
        Kernel<T> kernel = OperatorTable<T>.All.Create(reader);
        int[] inputs = [.. node.Inputs.Select(name => name.Length == 0 ? -1 : _slots.TryGetValue(name, out int slot)
            ? slot
            : throw reader.Refuse($"its input '{name}' is given by nothing before it"))];
        int[] outputs = [.. node.Outputs.Select(name => name.Length == 0 ? -1 : Define(name, $"An output of the {node}"))];
        return new GraphStep<T>(node, kernel, inputs, outputs);
    }

    /// <summary>Converts constants, computes what follows from them alone, and finds where each tensor is used last.</summary>
    private Prepared Prepare()
    {
        var slots = new OnnxTensor<T>?[_slots.Count];
        foreach ((int slot, TensorData tensor) in _constants)
        {
            slots[slot] = tensor.Convert<T>();
        }

        var budget = new ElementBudget(MaxElements);
        List<GraphStep<T>> steps = [];
        foreach (GraphStep<T> step in _steps)
        {
            if (step.Inputs.All(slot => slot < 0 || slots[slot] is not null))
            {
                step.Run(slots, budget);
            }
            else
            {
                steps.Add(step);
            }
        }

        HashSet<int> kept = [.. _outputs];
        var lasts = new int[steps.Count][];
        for (int n = steps.Count - 1; n >= 0; n--)
        {
            lasts[n] = [.. steps[n].Inputs.Where(slot => slot >= 0 && slots[slot] is null && kept.Add(slot))];
        }

        return new Prepared(slots, [.. steps.Zip(lasts)]);
    }

    /// <summary>The slots of what is constant, and the other nodes, each with the slots that are free after it.</summary>
    private sealed record Prepared(OnnxTensor<T>?[] Slots, (GraphStep<T> Step, int[] Last)[] Steps);
}
