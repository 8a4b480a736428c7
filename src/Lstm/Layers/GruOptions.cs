namespace Lstm.Layers;

/// <summary>How a <see cref="GruLayer{T}"/> is made. The defaults are Keras's; PyTorch's differ in the initializers.</summary>
public sealed record GruOptions : RecurrentOptions
{
    /// <summary>
    /// Whether the reset gate comes after the recurrent product, <c>r ⊙ (U_n h + b′)</c>, as in PyTorch, cuDNN and Keras's
    /// <c>reset_after=True</c>: true unless set. Otherwise it comes before it, <c>U_n (r ⊙ h)</c>, as Cho et al. (2014) had it.
    /// </summary>
    public bool ResetAfter { get; init; } = true;
}
