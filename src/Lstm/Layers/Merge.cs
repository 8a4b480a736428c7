namespace Lstm.Layers;

/// <summary>How a <see cref="BidirectionalLayer{T}"/> makes one output of two.</summary>
public enum Merge
{
    /// <summary>Beside each other, the forward layer's first: twice as many outputs. PyTorch's way, and Keras's <c>concat</c>.</summary>
    Concatenate,

    /// <summary>Their sum; Keras's <c>sum</c>.</summary>
    Sum,

    /// <summary>Their mean; Keras's <c>ave</c>.</summary>
    Average,

    /// <summary>Their product, element by element; Keras's <c>mul</c>.</summary>
    Multiply,
}
