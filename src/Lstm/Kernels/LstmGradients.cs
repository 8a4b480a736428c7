namespace Lstm.Kernels;

/// <summary>What comes into a backward pass from above, and where its results go. See <see cref="LstmPass{T}"/>.</summary>
internal unsafe struct LstmGradients<T>
    where T : unmanaged
{
    /// <summary>∂L/∂h of every step, H × (T·B).</summary>
    public T* Output;

    /// <summary>∂L/∂h_T from beyond the last step, H × B, or null for zeros.</summary>
    public T* FinalHidden;

    /// <summary>∂L/∂c_T from beyond the last step, H × B, or null for zeros.</summary>
    public T* FinalCell;

    /// <summary>∂L/∂x, I × (T·B), overwritten.</summary>
    public T* Input;

    /// <summary>∂L/∂h₀, H × B, overwritten.</summary>
    public T* InitialHidden;

    /// <summary>∂L/∂c₀, H × B, overwritten.</summary>
    public T* InitialCell;

    /// <summary>∂L/∂W, 4H × I, added to.</summary>
    public T* InputWeights;

    /// <summary>∂L/∂U, 4H × H, added to.</summary>
    public T* RecurrentWeights;

    /// <summary>∂L/∂b, 4H, added to.</summary>
    public T* Bias;
}
