namespace Lstm.Kernels;

/// <summary>The users' arrays in one pass of a fully connected layer, column-major with the features innermost.</summary>
internal unsafe struct DensePass<T>
    where T : unmanaged
{
    /// <summary>Steps × sequences.</summary>
    public int Columns;
    public int Inputs;
    public int Outputs;

    /// <summary>W, outputs × inputs.</summary>
    public T* Weights;

    /// <summary>b, outputs.</summary>
    public T* Bias;

    /// <summary>x, inputs × columns.</summary>
    public T* Input;

    /// <summary>y, outputs × columns.</summary>
    public T* Output;

    public readonly long MultiplyAdds => (long)Columns * Inputs * Outputs;
}
