using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using Lstm.Kernels;

namespace Lstm.Layers;

/// <summary>What recurrent layers whose state is their output have in common.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
[SuppressMessage("Design", "CA1062", Justification = "Layer<T> alone calls the Core methods, with arguments that it has checked.")]
public abstract class RecurrentLayer<T> : StochasticLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly RecurrentPasses<T> _passes;

    private protected RecurrentLayer(
        int inputs, int hiddenUnits, int gates, int biasGates, Random random, RecurrentOptions options)
        : base(inputs, hiddenUnits, CreateParameters(inputs, hiddenUnits, gates, options.UseBias ? biasGates : 0))
    {
        ArgumentNullException.ThrowIfNull(random);
        options.InputInitializer.Fill(InputWeights, hiddenUnits, random);
        options.RecurrentInitializer.Fill(RecurrentWeights, hiddenUnits, random);
        MaskSeed = options.IsRandom ? (ulong)random.NextInt64() : 0;
        _passes = new RecurrentPasses<T>(this, options);
    }

    /// <summary>H, the hidden units.</summary>
    public int HiddenUnits => Outputs;

    /// <summary>W: as many blocks of H rows as there are gates, I columns.</summary>
    public Parameter<T> InputWeights => Parameters[0];

    /// <summary>U: as many blocks of H rows as there are gates, H columns.</summary>
    public Parameter<T> RecurrentWeights => Parameters[1];

    /// <summary>b, in blocks of H numbers. It has no weight decay.</summary>
    /// <exception cref="InvalidOperationException">The layer has none: see <see cref="RecurrentOptions.UseBias"/>.</exception>
    public Parameter<T> Bias => Parameters.Count > 2
        ? Parameters[2]
        : throw new InvalidOperationException($"{this} was made without a bias: its UseBias is false.");

    /// <inheritdoc/>
    public override MaskSupport MaskSupport => MaskSupport.Full;

    /// <summary>Whether backward reads the output; it does not.</summary>
    public override bool NeedsOutput => false;

    /// <inheritdoc/>
    public override HiddenState<T> FinalState => (HiddenState<T>)base.FinalState;

    /// <inheritdoc/>
    public override HiddenState<T> InitialStateGradient => (HiddenState<T>)base.InitialStateGradient;

    /// <inheritdoc/>
    public override HiddenState<T> CreateState(int batch) => new(HiddenUnits, batch);

    /// <summary>What the random masks follow from, with <see cref="StochasticLayer{T}.Call"/>; 0 if there are none.</summary>
    internal ulong MaskSeed { get; set; }

    /// <summary>The widest vectors, in bits, that passes run on; to be set before the first of them.</summary>
    internal int VectorBits { get; set; } = 512;

    /// <summary>The function of the sums, where the layer has one to choose.</summary>
    internal virtual ActivationFunction Function => default;

    /// <inheritdoc/>
    protected override void ForwardCore(
        Sequence<T> input, LayerState<T>? initialState, Sequence<T> output, LayerState<T> finalState)
    {
        _passes.Forward(input, initialState, output, finalState);
        CountCall();
    }

    /// <inheritdoc/>
    protected override void BackwardCore(
        Sequence<T> input,
        Sequence<T> output,
        Sequence<T> outputGradient,
        LayerState<T>? finalStateGradient,
        Sequence<T> inputGradient,
        LayerState<T> initialStateGradient) =>
        _passes.Backward(input, outputGradient, finalStateGradient, inputGradient, initialStateGradient);

    /// <inheritdoc/>
    protected internal override void InferCore(
        ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state, StepMask? mask) =>
        _passes.Infer(input, output, steps, state, mask);

    internal abstract RecurrentEngine<T, SimpleCellPass<T>> CreateEngine();

    private static List<Parameter<T>> CreateParameters(int inputs, int hiddenUnits, int gates, int biasGates)
    {
        Guard.Positive(inputs);
        Guard.Positive(hiddenUnits);
        Guard.InRange(hiddenUnits, 1, int.MaxValue / 4);
        List<Parameter<T>> parameters =
        [
            new(nameof(InputWeights), gates * hiddenUnits, inputs),
            new(nameof(RecurrentWeights), gates * hiddenUnits, hiddenUnits),
        ];
        if (biasGates > 0)
        {
            parameters.Add(new Parameter<T>(nameof(Bias), biasGates * hiddenUnits, 1, decays: false));
        }

        return parameters;
    }
}
