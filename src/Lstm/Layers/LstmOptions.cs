namespace Lstm.Layers;

/// <summary>How an <see cref="LstmLayer{T}"/> is made. The defaults are Keras's.</summary>
public sealed record LstmOptions
{
    /// <summary>How the input weights W are drawn; Glorot uniform unless set.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Initializer InputInitializer
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(InputInitializer));
            field = value;
        }
    } = Initializer.GlorotUniform;

    /// <summary>How the recurrent weights U are drawn; orthogonal unless set.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Initializer RecurrentInitializer
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(RecurrentInitializer));
            field = value;
        }
    } = Initializer.Orthogonal;

    /// <summary>
    /// The forget gate's bias at the start; 1 unless set, so that the cell remembers before it has learnt what to forget
    /// (Gers, Schmidhuber and Cummins 2000; Jozefowicz, Zaremba and Sutskever 2015). The other gates' biases start at 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is infinite or NaN.</exception>
    public double ForgetBias
    {
        get;
        init
        {
            Guard.InRange(value, double.NegativeInfinity, double.PositiveInfinity, nameof(ForgetBias));
            field = value;
        }
    } = 1;
}
