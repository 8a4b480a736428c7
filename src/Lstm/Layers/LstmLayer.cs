using System.Numerics;
using Lstm.Kernels;

namespace Lstm.Layers;

/// <summary>
/// A layer of long short-term memory with fused weights for its gates (Hochreiter and Schmidhuber 1997; forget gate by
/// Gers, Schmidhuber and Cummins 2000). At each step t, for each sequence:
/// <code>
/// zₜ = W xₜ + U hₜ₋₁ + b                               (1)   rows in four blocks of H: i, f, g, o
/// i = σ(zᵢ)   f = σ(z_f)   g = tanh(z_g)   o = σ(zₒ)   (2)
/// cₜ = f ⊙ cₜ₋₁ + i ⊙ g                                (3)
/// hₜ = o ⊙ tanh(cₜ)                                    (4)
/// </code>
/// The output of a step is hₜ. The order of the gates is PyTorch's and Keras's. <see cref="LstmOptions"/> has what can be
/// changed or added.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed partial class LstmLayer<T> : StochasticLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LstmEngine<T> _training = LstmEngine<T>.Create();
    private readonly Pool<LstmEngine<T>> _inference;

    /// <summary>Makes a layer with weights drawn from a seed.</summary>
    /// <param name="inputs">I, the features of the input; at least 1.</param>
    /// <param name="hiddenUnits">H, the hidden units; at least 1.</param>
    /// <param name="seed">The weights, and the random masks of training, follow only from it and the options.</param>
    /// <param name="options">How the layer is made; the defaults if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or a matrix too large for an array.</exception>
    /// <exception cref="ArgumentException">The options do not go together; the message says why.</exception>
    public LstmLayer(int inputs, int hiddenUnits, int seed = 0, LstmOptions? options = null)
        : this(inputs, hiddenUnits, new Random(seed), options)
    {
    }

    /// <summary>Makes a layer with weights drawn from a source of randomness.</summary>
    /// <param name="inputs">I, the features of the input; at least 1.</param>
    /// <param name="hiddenUnits">H, the hidden units; at least 1.</param>
    /// <param name="random">The source; it is not kept.</param>
    /// <param name="options">How the layer is made; the defaults if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or a matrix too large for an array.</exception>
    /// <exception cref="ArgumentException">The options do not go together; the message says why.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="random"/> is null.</exception>
    public LstmLayer(int inputs, int hiddenUnits, Random random, LstmOptions? options = null)
        : base(inputs, options?.Projection ?? hiddenUnits, CreateParameters(inputs, hiddenUnits, options ?? new LstmOptions()))
    {
        ArgumentNullException.ThrowIfNull(random);
        HiddenUnits = hiddenUnits;
        Options = options ?? new LstmOptions();
        IsGeneral = !Options.IsPlain;
        _inference = new(_training.Sibling);
        _generalTraining = new(CreateGeneralEngine);
        _generalInference = new(() => _generalTraining.Value.Sibling());
        Options.InputInitializer.Fill(InputWeights, hiddenUnits, random);
        Options.RecurrentInitializer.Fill(RecurrentWeights, hiddenUnits, random);
        if (Options.UseBias)
        {
            // The gate after i is f, unless it is what i leaves.
            double bias = Options.CoupledGates ? -Options.ForgetBias : Options.ForgetBias;
            Bias.ChangeValues().Slice(Options.CoupledGates ? 0 : hiddenUnits, hiddenUnits).Fill(T.CreateTruncating(bias));
        }

        Gain?.ChangeValues().Fill(T.One);
        if (Peepholes is not null)
        {
            Options.PeepholeInitializer.Fill(Peepholes, hiddenUnits, random);
        }

        if (Projection is not null)
        {
            Options.ProjectionInitializer.Fill(Projection, hiddenUnits, random);
        }

        MaskSeed = Options.IsRandom ? (ulong)random.NextInt64() : 0;
    }

    /// <summary>H, the hidden units.</summary>
    public int HiddenUnits { get; }

    /// <summary>How the layer was made.</summary>
    public LstmOptions Options { get; }

    /// <summary>W, 4H × I: rows in four blocks of H, for the gates i, f, g, o; 3H × I for i, g, o if gates are coupled.</summary>
    public Parameter<T> InputWeights => Parameters[0];

    /// <summary>U, 4H × H: rows as of <see cref="InputWeights"/>; P columns if the output is a projection.</summary>
    public Parameter<T> RecurrentWeights => Parameters[1];

    /// <summary>b, 4H × 1: rows as of <see cref="InputWeights"/>. It has no weight decay.</summary>
    /// <exception cref="InvalidOperationException">The layer has none: see <see cref="RecurrentOptions.UseBias"/>.</exception>
    public Parameter<T> Bias =>
        Find(nameof(Bias)) ?? throw new InvalidOperationException($"{this} was made without a bias: its UseBias is false.");

    /// <summary>
    /// p, 3H × 1: three blocks of H, for the gates i, f, o, or two for i, o if gates are coupled; null without
    /// <see cref="LstmOptions.Peepholes"/>.
    /// </summary>
    public Parameter<T>? Peepholes => Find(nameof(Peepholes));

    /// <summary>
    /// γ of layer normalisation: rows as of <see cref="InputWeights"/>; null without
    /// <see cref="LstmOptions.LayerNormalization"/>. It starts at 1. It has no weight decay.
    /// </summary>
    public Parameter<T>? Gain => Find(nameof(Gain));

    /// <summary>P × H; null without <see cref="LstmOptions.Projection"/>.</summary>
    public Parameter<T>? Projection => Find(nameof(Projection));

    /// <summary>h₀, as many rows as the output; null without <see cref="LstmOptions.LearnInitialState"/>. It has no weight decay.</summary>
    public Parameter<T>? InitialHidden => Find(nameof(InitialHidden));

    /// <summary>c₀, H × 1; null without <see cref="LstmOptions.LearnInitialState"/>. It has no weight decay.</summary>
    public Parameter<T>? InitialCell => Find(nameof(InitialCell));

    /// <inheritdoc/>
    public override MaskSupport MaskSupport => MaskSupport.Full;

    /// <inheritdoc/>
    public override LstmState<T> FinalState => (LstmState<T>)base.FinalState;

    /// <inheritdoc/>
    public override LstmState<T> InitialStateGradient => (LstmState<T>)base.InitialStateGradient;

    /// <summary>What the random masks follow from, with <see cref="StochasticLayer{T}.Call"/>; 0 if there are none.</summary>
    internal ulong MaskSeed { get; set; }

    /// <summary>Whether every pass runs on the engine of the options, even if none is set.</summary>
    internal bool IsGeneral { get; set; }

    /// <inheritdoc/>
    public override LstmState<T> CreateState(int batch)
    {
        LstmState<T> state = new(Outputs, HiddenUnits, batch);
        Start(state);
        return state;
    }

    internal override void Start(LayerState<T> state)
    {
        if (!Options.LearnInitialState)
        {
            state.Reset();
            return;
        }

        for (int sequence = 0; sequence < state.Batch; sequence++)
        {
            InitialHidden!.ReadOnlyValues.CopyTo(state.Parts[0].Values.Slice(sequence * Outputs));
            InitialCell!.ReadOnlyValues.CopyTo(state.Parts[1].Values.Slice(sequence * HiddenUnits));
        }
    }

    /// <inheritdoc/>
    protected override void ForwardCore(
        Sequence<T> input, LayerState<T>? initialState, Sequence<T> output, LayerState<T> finalState)
    {
        if (IsGeneral || input.Gaps is not null)
        {
            ForwardGeneral(
                _generalTraining.Value, true, input.Values, output.Values, input.Steps, input.Gaps, initialState, finalState);
            CountCall();
        }
        else
        {
            ForwardPlain(_training, true, input.Values, output.Values, input.Steps, initialState, finalState);
        }

        _usedOwnStart = initialState is null;
    }

    /// <inheritdoc/>
    protected override void BackwardCore(
        Sequence<T> input,
        Sequence<T> output,
        Sequence<T> outputGradient,
        LayerState<T>? finalStateGradient,
        Sequence<T> inputGradient,
        LayerState<T> initialStateGradient)
    {
        if (IsGeneral || input.Gaps is not null)
        {
            BackwardGeneral(input, outputGradient, finalStateGradient, inputGradient, initialStateGradient);
        }
        else
        {
            BackwardPlain(input, output, outputGradient, finalStateGradient, inputGradient, initialStateGradient);
        }
    }

    /// <inheritdoc/>
    protected internal override void InferCore(
        ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state, StepMask? mask)
    {
        if (IsGeneral || mask is not null)
        {
            RecurrentEngine<T, LstmCellPass<T>> engine = _generalInference.Rent();
            ForwardGeneral(engine, false, input, output, steps, mask, state, state);
            _generalInference.Return(engine);
        }
        else
        {
            LstmEngine<T> engine = _inference.Rent();
            ForwardPlain(engine, false, input, output, steps, state, state);
            _inference.Return(engine);
        }
    }

    private static List<Parameter<T>> CreateParameters(int inputs, int hiddenUnits, LstmOptions options)
    {
        Guard.Positive(inputs);
        Guard.Positive(hiddenUnits);
        Guard.InRange(hiddenUnits, 1, int.MaxValue / 4);
        options.Check(hiddenUnits, nameof(options));
        int rows = options.Gates * hiddenUnits;
        int outputs = options.Projection ?? hiddenUnits;
        List<Parameter<T>> parameters =
            [new(nameof(InputWeights), rows, inputs), new(nameof(RecurrentWeights), rows, outputs)];
        Add(options.UseBias, nameof(Bias), rows, 1, false);
        Add(options.Peepholes, nameof(Peepholes), rows - hiddenUnits, 1, true);
        Add(options.LayerNormalization, nameof(Gain), rows, 1, false);
        Add(options.Projection is not null, nameof(Projection), outputs, hiddenUnits, true);
        Add(options.LearnInitialState, nameof(InitialHidden), outputs, 1, false);
        Add(options.LearnInitialState, nameof(InitialCell), hiddenUnits, 1, false);
        return parameters;

        void Add(bool wanted, string name, int rows, int columns, bool decays)
        {
            if (wanted)
            {
                parameters.Add(new Parameter<T>(name, rows, columns, decays));
            }
        }
    }

    private Parameter<T>? Find(string name)
    {
        for (int n = 2; n < Parameters.Count; n++)
        {
            if (Parameters[n].Name == name)
            {
                return Parameters[n];
            }
        }

        return null;
    }
}
