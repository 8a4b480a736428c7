namespace Lstm.Kernels;

/// <summary>What comes into a backward pass of a fully connected layer, and where its results go.</summary>
internal unsafe struct DenseGradients<T>
    where T : unmanaged
{
    /// <summary>∂L/∂y, outputs × columns.</summary>
    public T* Output;

    /// <summary>∂L/∂x, inputs × columns, overwritten.</summary>
    public T* Input;

    /// <summary>∂L/∂W, outputs × inputs, or its transpose; added to.</summary>
    public T* Weights;

    /// <summary>∂L/∂b, outputs, added to.</summary>
    public T* Bias;
}
