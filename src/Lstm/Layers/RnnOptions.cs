namespace Lstm.Layers;

/// <summary>How an <see cref="RnnLayer{T}"/> is made. The defaults are Keras's; PyTorch's differ in the initializers.</summary>
public sealed record RnnOptions : RecurrentOptions
{
    /// <summary>f, the function of the sums; tanh unless set.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Activation Activation { get; init => field = Guard.NotNull(value, nameof(Activation)); } = Activation.Tanh;
}
