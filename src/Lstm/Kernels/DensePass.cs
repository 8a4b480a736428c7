namespace Lstm.Kernels;

/// <summary>The users' arrays in one pass of a fully connected layer, column-major with the features innermost.</summary>
internal unsafe struct DensePass<T>
    where T : unmanaged
{
    /// <summary>Steps × sequences.</summary>
    public int Columns;
    public int Inputs;
    public int Outputs;

    /// <summary>W, outputs × inputs; or its transpose.</summary>
    public T* Weights;

    /// <summary>
    /// Grows when the weights change, so that inference need not pack them again while it is the same; 0 if they may have changed.
    /// </summary>
    public long WeightsVersion;

    /// <summary>Whether <see cref="Weights"/> and their gradient are Wᵀ, inputs × outputs.</summary>
    public bool Transposed;

    /// <summary>b, outputs.</summary>
    public T* Bias;

    /// <summary>x, inputs × columns.</summary>
    public T* Input;

    /// <summary>y, outputs × columns.</summary>
    public T* Output;

    public readonly long MultiplyAdds => (long)Columns * Inputs * Outputs;
}
