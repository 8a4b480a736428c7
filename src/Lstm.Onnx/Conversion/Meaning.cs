using System.Numerics;

namespace Lstm.Onnx.Conversion;

/// <summary>What a tensor of a graph is to the network that is made of the graph.</summary>
internal abstract class Meaning<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A tensor that follows from constants alone: weights, axes.</summary>
    public sealed class Fixed(OnnxTensor<T> tensor) : Meaning<T>
    {
        public OnnxTensor<T> Tensor { get; } = tensor;
    }

    /// <summary>
    /// What follows from sizes, and from states that come in, but not from the numbers of the input: the state at the start,
    /// say. The source is the constant that it repeats, if it is known to.
    /// </summary>
    public sealed class Aside(OnnxTensor<T>? source = null) : Meaning<T>
    {
        public OnnxTensor<T>? Source { get; } = source;
    }

    /// <summary>
    /// The lengths of the sequences, which a network is given as the mask of its input: an input of the model, as it is or as
    /// integers of another kind.
    /// </summary>
    public sealed class Lengths(string input) : Meaning<T>
    {
        public string Input { get; } = input;
    }

    /// <summary>What a layer gives, with a letter for each dimension: T steps, L a single step, B sequences, D directions, F features.</summary>
    public sealed class Signal(Stage<T> stage, string axes) : Meaning<T>
    {
        public Stage<T> Stage { get; } = stage;

        public string Axes { get; } = axes;

        /// <summary>Whether the dimension of a letter is of size 1, whatever comes in.</summary>
        public bool IsSingle(char axis) => axis == 'L' || (axis == 'D' && Stage.Layer is not Layers.BidirectionalLayer<T>);

        /// <summary>The same numbers with their dimensions in another order, or without one of size 1.</summary>
        public Signal With(string axes) => new(Stage, axes);
    }

    /// <summary>What several layers give, one after the other in the first dimension.</summary>
    public sealed class Stacked(IReadOnlyList<Signal> parts) : Meaning<T>
    {
        public IReadOnlyList<Signal> Parts { get; } = parts;
    }

    /// <summary>What no layer of the library gives.</summary>
    public sealed class Unusable(string reason) : Meaning<T>
    {
        public string Reason { get; } = reason;
    }
}
