using System.Numerics;
using Lstm.Layers;
using Lstm.Onnx.Operators;
using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx.Conversion;

/// <summary>A node with the meanings of its inputs.</summary>
internal sealed class NodePart<T>(NodeData node, Meaning<T>?[] inputs, NodeReader attributes)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public NodeData Node => node;

    public Meaning<T>?[] Inputs => inputs;

    public NodeReader Attributes => attributes;

    /// <summary>The inputs that layers give.</summary>
    public IReadOnlyList<Meaning<T>.Signal> Signals { get; } = [.. inputs.OfType<Meaning<T>.Signal>()];

    /// <summary>The first input, which a layer gives.</summary>
    public Meaning<T>.Signal First => inputs[0] as Meaning<T>.Signal ?? throw Refuse("its first input is not what the layers before it give");

    public static string Reason(NodeData node, string reason) => $"{node} cannot be made a layer: {reason}.";

    public OnnxException Refuse(string reason) => new(Reason(node, reason));

    /// <summary>A constant input; null if it is left out.</summary>
    public OnnxTensor<T>? Constant(int n) => n >= inputs.Length || inputs[n] is null
        ? null
        : inputs[n] is Meaning<T>.Fixed constant ? constant.Tensor : throw Refuse($"its input {n} is not constant");

    /// <summary>Integers that are an attribute in some versions, and an input in others; null if they are left out.</summary>
    public long[]? Integers(string attribute, int n)
    {
        if (attributes.Integers(attribute) is { } values)
        {
            return [.. values];
        }

        OnnxTensor<T>? constant = Constant(n);
        return constant is null ? null : constant.IsInteger ? constant.Whole : throw Refuse($"its input {n} is of numbers");
    }

    /// <summary>The letter of a dimension of a signal.</summary>
    public int Place(long axis, int rank) =>
        axis >= -rank && axis < rank ? (int)(axis < 0 ? axis + rank : axis) : throw Refuse($"its axis {axis} is none of {rank} dimensions");

    /// <summary>What a layer gives after a signal, or after the given place.</summary>
    public Meaning<T>.Signal After(Meaning<T>.Signal signal, string axes, Layer<T> layer, Stage<T>? stage = null, bool awaitsBias = false) =>
        new(new Stage<T>(stage ?? signal.Stage, layer.Outputs, node) { Layer = layer, AwaitsBias = awaitsBias }, axes);

    /// <summary>A part of a layer after a signal.</summary>
    public Meaning<T>.Signal After(Meaning<T>.Signal signal, string axes, Fragment fragment) =>
        new(new Stage<T>(signal.Stage, signal.Stage.Features, node) { Fragment = fragment }, axes);
}
