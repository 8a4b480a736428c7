using System.Numerics;
using Lstm.Onnx.Graphs;
using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx.Operators;

/// <summary>The inputs of a node in one run, and the means to make its outputs.</summary>
internal sealed class Arguments<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What a node of a graph within a node counts for in elements, beside those that it makes: the time that it takes.</summary>
    private const int NodeCost = 100;

    private readonly NodeData _node;
    private readonly OnnxTensor<T>?[] _inputs;
    private readonly ElementBudget _budget;

    public Arguments(NodeData node, OnnxTensor<T>?[] inputs, ElementBudget budget) =>
        (_node, _inputs, _budget) = (node, inputs, budget);

    /// <summary>The number of inputs, with those left out in between.</summary>
    public int Count => _inputs.Length;

    /// <summary>The number of outputs that the node names.</summary>
    public int Outputs => _node.Outputs.Count;

    /// <summary>An input that must be there.</summary>
    public OnnxTensor<T> this[int n] => Optional(n) ?? throw Refuse($"it lacks input {n}");

    /// <summary>An input that may be left out.</summary>
    public OnnxTensor<T>? Optional(int n) => n < _inputs.Length ? _inputs[n] : null;

    /// <summary>The elements of an input of numbers.</summary>
    public T[] Numbers(int n) => !this[n].IsInteger
        ? this[n].Numbers
        : throw Refuse($"its input {n} is of integers");

    /// <summary>The elements of an input of integers.</summary>
    public long[] Integers(int n) => this[n].IsInteger
        ? this[n].Whole
        : throw Refuse($"its input {n} is of numbers");

    /// <summary>An array for the elements of a new tensor.</summary>
    public TElement[] Allocate<TElement>(ReadOnlySpan<int> shape)
    {
        int? count = OnnxShape.Count(shape);
        return count is int length && _budget.Take(length)
            ? new TElement[length]
            : throw Refuse($"its output of {OnnxShape.Text(shape)} is larger than a run may make");
    }

    /// <summary>Runs a graph of the node on tensors.</summary>
    public OnnxTensor<T>[] Run(Graph<T> graph, IReadOnlyList<OnnxTensor<T>> inputs) =>
        _budget.Take(NodeCost * (1L + graph.Nodes.Count)) ? graph.Run(inputs, _budget) : throw Refuse("its graph runs more often than a run may");

    /// <summary>An axis from its number, which counts from the end if it is negative.</summary>
    public int Axis(long axis, int rank) => axis >= -rank && axis < rank
        ? (int)(axis < 0 ? axis + rank : axis)
        : throw Refuse($"its axis {axis} is none of {rank} dimensions");

    /// <summary>Several axes, none twice, from the lowest.</summary>
    public int[] Axes(IEnumerable<long> axes, int rank)
    {
        int[] sorted = [.. axes.Take(rank + 1).Select(axis => Axis(axis, rank)).Order()];
        return sorted.Distinct().Count() == sorted.Length ? sorted : throw Refuse("it names an axis twice");
    }

    /// <summary>An exception that says which node cannot be run, and why.</summary>
    public OnnxException Refuse(string reason) => new(
        $"{_node} cannot be run: {reason}. Its inputs are {string.Join(", ", _inputs.Select(input => input?.ToString() ?? "none"))}.");
}
