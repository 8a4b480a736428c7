namespace Lstm.Layers;

/// <summary>
/// The options that all recurrent layers have: see <see cref="LstmOptions"/>, <see cref="GruOptions"/> and
/// <see cref="RnnOptions"/>.
/// </summary>
public abstract record RecurrentOptions
{
    private protected RecurrentOptions()
    {
    }

    /// <summary>How the input weights W are drawn; Glorot uniform unless set.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Initializer InputInitializer
    {
        get;
        init => field = Guard.NotNull(value, nameof(InputInitializer));
    } = Initializer.GlorotUniform;

    /// <summary>How the recurrent weights U are drawn; orthogonal unless set.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Initializer RecurrentInitializer
    {
        get;
        init => field = Guard.NotNull(value, nameof(RecurrentInitializer));
    } = Initializer.Orthogonal;

    /// <summary>Whether there is a bias; true unless set.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>
    /// The probability that training drops an input of a sequence at all its steps (Gal and Ghahramani 2016); from 0, the
    /// default, to below 1. What is kept is multiplied by 1/(1 − rate). Inference drops nothing.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or not below 1.</exception>
    public double InputDropout { get; init => field = Guard.Rate(value, nameof(InputDropout)); }

    /// <summary>
    /// The probability that training drops a number of hₜ₋₁ on its way into the gates, at all steps of a sequence (Gal and
    /// Ghahramani 2016); from 0, the default, to below 1. What is kept is multiplied by 1/(1 − rate).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or not below 1.</exception>
    public double RecurrentDropout
    {
        get;
        init => field = Guard.Rate(value, nameof(RecurrentDropout));
    }

    /// <summary>
    /// k: how many steps back the error of a step reaches in training, its own among them; at least 1; null, for all, unless
    /// set. Backward then takes about as long as k passes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? LookBack { get; init => field = Guard.Positive(value, nameof(LookBack)); }

    /// <summary>Whether training draws masks at random.</summary>
    internal virtual bool IsRandom => InputDropout > 0 || RecurrentDropout > 0;
}
