namespace Lstm.Interchange.Layers;

/// <summary>How a parameter stands in a file, where the last dimension of a tensor runs fastest.</summary>
internal enum TensorLayout
{
    /// <summary>A matrix, a row of it after the other: PyTorch's weights.</summary>
    Rows,

    /// <summary>The transposed matrix, which has the numbers in the order of the parameter in memory: Keras's weights.</summary>
    Columns,

    /// <summary>A vector, for a parameter of one column: a bias.</summary>
    Vector,
}
