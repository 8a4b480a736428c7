namespace Lstm.Layers;

/// <summary>
/// How an <see cref="LstmLayer{T}"/> is made. The defaults are Keras's, and give the plain layer; every option goes together
/// with every other unless the layer's constructor says why not.
/// </summary>
public sealed record LstmOptions : RecurrentOptions
{
    /// <summary>
    /// The forget gate's bias at the start; 1 unless set, so that the cell remembers before it has learnt what to forget
    /// (Gers, Schmidhuber and Cummins 2000; Jozefowicz, Zaremba and Sutskever 2015). The other gates' biases start at 0. Without
    /// <see cref="RecurrentOptions.UseBias"/> it must stay at its default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is infinite or NaN.</exception>
    public double ForgetBias
    {
        get;
        init => field = Guard.InRange(value, double.NegativeInfinity, double.PositiveInfinity, nameof(ForgetBias));
    } = 1;

    /// <summary>
    /// Whether the gates see the cell state (Gers and Schmidhuber 2000): <c>zᵢ += pᵢ ⊙ cₜ₋₁</c>, <c>z_f += p_f ⊙ cₜ₋₁</c>,
    /// <c>zₒ += pₒ ⊙ cₜ</c>; the candidate does not. See <see cref="LstmLayer{T}.Peepholes"/>.
    /// </summary>
    public bool Peepholes { get; init; }

    /// <summary>How peepholes are drawn; uniform ±1/√H unless set.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Initializer PeepholeInitializer
    {
        get;
        init => field = Guard.NotNull(value, nameof(PeepholeInitializer));
    } = Initializer.InverseRoot;

    /// <summary>
    /// Whether the forget gate is what the input gate leaves, <c>f = 1 − i</c> (Greff et al. 2017). There are then three
    /// gates, i, g, o, in all rows, and <see cref="ForgetBias"/>, with its sign changed, is the input gate's.
    /// </summary>
    public bool CoupledGates { get; init; }

    /// <summary>
    /// P, the numbers of the output and of the recurrent input if they are a projection <c>hₜ = P (o ⊙ tanh cₜ)</c> (Sak,
    /// Senior and Beaufays 2014), from 1 to H; null, for none, unless set.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? Projection { get; init => field = Guard.Positive(value, nameof(Projection)); }

    /// <summary>How the projection is drawn; Glorot uniform unless set.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Initializer ProjectionInitializer
    {
        get;
        init => field = Guard.NotNull(value, nameof(ProjectionInitializer));
    } = Initializer.GlorotUniform;

    /// <summary>
    /// Whether z of each gate, peepholes included, is normalised over the units: its mean is subtracted, it is divided by
    /// √(variance + <see cref="NormalizationEpsilon"/>), multiplied by a learnt gain, and the bias is added (Ba, Kiros and
    /// Hinton 2016). For the output gate that is z with the peephole on cₜ.
    /// </summary>
    public bool LayerNormalization { get; init; }

    /// <summary>What is added to the variance; above 0, 1e-5 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite, or not above 0.</exception>
    public double NormalizationEpsilon { get; init => field = Guard.AboveZero(value, nameof(NormalizationEpsilon)); } = 1e-5;

    /// <summary>
    /// The largest magnitude of the cell state, to which it is limited before it is kept and given out; above 0; null, for
    /// none, unless set. Where it is limited, its gradient is 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite, or not above 0.</exception>
    public double? CellClip { get; init => field = Guard.AboveZero(value, nameof(CellClip)); }

    /// <summary>
    /// The largest magnitude of z (with peepholes, normalised), to which it is limited before the activations, as ONNX's
    /// <c>clip</c>; above 0; null, for none, unless set. Where it is limited, its gradient is 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite, or not above 0.</exception>
    public double? GateClip { get; init => field = Guard.AboveZero(value, nameof(GateClip)); }

    /// <summary>The function of the gates i, f and o; the sigmoid unless set.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Activation GateActivation { get; init => field = Guard.NotNull(value, nameof(GateActivation)); } = Activation.Sigmoid;

    /// <summary>The function of the candidate g; tanh unless set.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Activation CandidateActivation
    {
        get;
        init => field = Guard.NotNull(value, nameof(CandidateActivation));
    } = Activation.Tanh;

    /// <summary>The function of the cell state on its way to the output; tanh unless set.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Activation OutputActivation { get; init => field = Guard.NotNull(value, nameof(OutputActivation)); } = Activation.Tanh;

    /// <summary>
    /// Whether each gate has masks of its own for <see cref="RecurrentOptions.InputDropout"/> and
    /// <see cref="RecurrentOptions.RecurrentDropout"/>.
    /// </summary>
    public bool DropoutPerGate { get; init; }

    /// <summary>
    /// The probability that training leaves a number of h as it was at the step before (zoneout, Krueger et al. 2017); from 0,
    /// the default, to below 1. Inference takes the mean: <c>hₜ = rate·hₜ₋₁ + (1 − rate)·h̃ₜ</c>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or not below 1.</exception>
    public double HiddenZoneout { get; init => field = Guard.Rate(value, nameof(HiddenZoneout)); }

    /// <summary>
    /// The probability that training leaves a number of c as it was at the step before; from 0, the default, to below 1.
    /// Inference takes the mean. The output gate, its peephole and h̃ₜ see the new number.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, or not below 1.</exception>
    public double CellZoneout { get; init => field = Guard.Rate(value, nameof(CellZoneout)); }

    /// <summary>
    /// Whether the state before the first step is learnt, one for all sequences; zeros at the start. It holds where no state
    /// is given, and in what <see cref="LstmLayer{T}.CreateState"/> makes.
    /// </summary>
    public bool LearnInitialState { get; init; }

    /// <summary>The gates in the rows of all weights: 4, or 3 where two are coupled.</summary>
    internal int Gates => CoupledGates ? 3 : 4;

    /// <summary>Whether training draws masks at random.</summary>
    internal override bool IsRandom => base.IsRandom || HiddenZoneout > 0 || CellZoneout > 0;

    /// <summary>Whether the layer computes what it would without options, whatever its weights are drawn from.</summary>
    internal bool IsPlain => this with
    {
        InputInitializer = Plain.InputInitializer,
        RecurrentInitializer = Plain.RecurrentInitializer,
        ForgetBias = Plain.ForgetBias,
    } == Plain;

    private static LstmOptions Plain { get; } = new();

    /// <summary>Refuses options that have no effect, or no meaning, together.</summary>
    internal void Check(int hiddenUnits, string name)
    {
        Guard.Positive(hiddenUnits);
        Refuse(Projection > hiddenUnits, name, $"{nameof(Projection)} must be at most the hidden units, {hiddenUnits}, but is {Projection}");
        Refuse(
            CoupledGates && !GateActivation.IsShare,
            name,
            $"{nameof(CoupledGates)} needs gates from 0 to 1, for f = 1 − i, but {nameof(GateActivation)} is {GateActivation}");
        Refuse(
            LayerNormalization && hiddenUnits == 1,
            name,
            $"{nameof(LayerNormalization)} over a single hidden unit would leave nothing of it but the bias");
        Refuse(
            DropoutPerGate && InputDropout == 0 && RecurrentDropout == 0,
            name,
            $"{nameof(DropoutPerGate)} has no effect without {nameof(InputDropout)} or {nameof(RecurrentDropout)}");
        Refuse(!UseBias && ForgetBias != Plain.ForgetBias, name, $"{nameof(ForgetBias)} has no effect without a bias");
        Refuse(
            !Peepholes && PeepholeInitializer != Plain.PeepholeInitializer,
            name,
            $"{nameof(PeepholeInitializer)} has no effect without {nameof(Peepholes)}");
        Refuse(
            Projection is null && ProjectionInitializer != Plain.ProjectionInitializer,
            name,
            $"{nameof(ProjectionInitializer)} has no effect without {nameof(Projection)}");
        Refuse(
            !LayerNormalization && NormalizationEpsilon != Plain.NormalizationEpsilon,
            name,
            $"{nameof(NormalizationEpsilon)} has no effect without {nameof(LayerNormalization)}");
    }

    private static void Refuse(bool refused, string name, string reason)
    {
        if (refused)
        {
            throw new ArgumentException($"{reason}.", name);
        }
    }
}
