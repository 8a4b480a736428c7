namespace Lstm.Kernels;

/// <summary>The settings of cells without a state of their own, and the arrays of their parameters.</summary>
internal unsafe struct SimpleCellPass<T>
    where T : unmanaged
{
    /// <summary>b, or null.</summary>
    public T* Bias;

    public T* BiasGradient;

    /// <summary>∂L/∂U, where the cell computes a part of it; else unused.</summary>
    public T* RecurrentGradient;

    /// <summary>The function of a plain cell; a GRU has its own.</summary>
    public ActivationFunction Activation;
}
