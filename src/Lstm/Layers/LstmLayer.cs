using System.Numerics;
using Lstm.Kernels;

namespace Lstm.Layers;

/// <summary>
/// A layer of long short-term memory with fused weights for its four gates (Hochreiter and Schmidhuber 1997; forget gate
/// by Gers, Schmidhuber and Cummins 2000). At each step t, for each sequence:
/// <code>
/// zₜ = W xₜ + U hₜ₋₁ + b                               (1)   rows in four blocks of H: i, f, g, o
/// i = σ(zᵢ)   f = σ(z_f)   g = tanh(z_g)   o = σ(zₒ)   (2)
/// cₜ = f ⊙ cₜ₋₁ + i ⊙ g                                (3)
/// hₜ = o ⊙ tanh(cₜ)                                    (4)
/// </code>
/// The output of a step is hₜ. The order of the gates is PyTorch's and Keras's.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LstmLayer<T> : Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LstmEngine<T> _training = LstmEngine<T>.Create();
    private readonly Pool<LstmEngine<T>> _inference = new(() => LstmEngine<T>.Create());

    // For inputs with a mask.
    private readonly LstmSequences<T> _maskedTraining = new();
    private readonly Pool<LstmSequences<T>> _maskedInference = new(() => new LstmSequences<T>());

    /// <summary>Makes a layer with weights drawn from a seed.</summary>
    /// <param name="inputs">I, the features of the input; at least 1.</param>
    /// <param name="hiddenUnits">H, the hidden units; at least 1.</param>
    /// <param name="seed">The weights follow from it and the options alone.</param>
    /// <param name="options">How the layer is made; the defaults if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or a matrix too large for an array.</exception>
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
    /// <exception cref="ArgumentNullException"><paramref name="random"/> is null.</exception>
    public LstmLayer(int inputs, int hiddenUnits, Random random, LstmOptions? options = null)
        : base(inputs, hiddenUnits, CreateParameters(inputs, hiddenUnits))
    {
        ArgumentNullException.ThrowIfNull(random);
        Options = options ?? new LstmOptions();
        Options.InputInitializer.Fill(InputWeights, hiddenUnits, random);
        Options.RecurrentInitializer.Fill(RecurrentWeights, hiddenUnits, random);
        Bias.Values.Slice(hiddenUnits, hiddenUnits).Fill(T.CreateTruncating(Options.ForgetBias));
    }

    /// <summary>H, the hidden units.</summary>
    public int HiddenUnits => Outputs;

    /// <summary>How the layer was made.</summary>
    public LstmOptions Options { get; }

    /// <summary>W, 4H × I: rows in four blocks of H, for the gates i, f, g, o.</summary>
    public Parameter<T> InputWeights => Parameters[0];

    /// <summary>U, 4H × H: rows in four blocks of H, for the gates i, f, g, o.</summary>
    public Parameter<T> RecurrentWeights => Parameters[1];

    /// <summary>b, 4H × 1, in four blocks of H, for the gates i, f, g, o. Weight decay spares it.</summary>
    public Parameter<T> Bias => Parameters[2];

    /// <inheritdoc/>
    public override MaskSupport MaskSupport => MaskSupport.Full;

    /// <inheritdoc/>
    public override LstmState<T> FinalState => (LstmState<T>)base.FinalState;

    /// <inheritdoc/>
    public override LstmState<T> InitialStateGradient => (LstmState<T>)base.InitialStateGradient;

    /// <inheritdoc/>
    public override LstmState<T> CreateState(int batch) => new(HiddenUnits, batch);

    /// <inheritdoc/>
    protected override unsafe void ForwardCore(
        Sequence<T> input, LayerState<T>? initialState, Sequence<T> output, LayerState<T> finalState)
    {
        fixed (T* hidden = PartOf(initialState, 0), cell = PartOf(initialState, 1))
        fixed (T* finalHidden = PartOf(finalState, 0), finalCell = PartOf(finalState, 1))
        {
            Run(true, input.Values, output.Values, input.Steps, input.Batch, input.Gaps, hidden, cell, finalHidden, finalCell);
        }
    }

    /// <inheritdoc/>
    protected override unsafe void BackwardCore(
        Sequence<T> input,
        Sequence<T> output,
        Sequence<T> outputGradient,
        LayerState<T>? finalStateGradient,
        Sequence<T> inputGradient,
        LayerState<T> initialStateGradient)
    {
        fixed (T* w = InputWeights.Values, u = RecurrentWeights.Values)
        fixed (T* x = input.Values, y = output.Values, dx = inputGradient.Values, dy = outputGradient.Values)
        fixed (T* dw = InputWeights.Gradients, du = RecurrentWeights.Gradients, db = Bias.Gradients)
        fixed (T* dh0 = PartOf(initialStateGradient, 0), dc0 = PartOf(initialStateGradient, 1))
        fixed (T* dh = PartOf(finalStateGradient, 0), dc = PartOf(finalStateGradient, 1))
        {
            LstmPass<T> pass = new()
            {
                Steps = input.Steps,
                Batch = input.Batch,
                Inputs = Inputs,
                HiddenUnits = HiddenUnits,
                InputWeights = w,
                RecurrentWeights = u,
                Input = x,
                Output = y,
            };
            LstmGradients<T> gradients = new()
            {
                Output = dy,
                FinalHidden = dh,
                FinalCell = dc,
                Input = dx,
                InitialHidden = dh0,
                InitialCell = dc0,
                InputWeights = dw,
                RecurrentWeights = du,
                Bias = db,
            };
            if (input.Gaps is { } mask)
            {
                _maskedTraining.Backward(pass, gradients, mask, Threads);
            }
            else
            {
                _training.Backward(pass, gradients, Threads);
            }
        }
    }

    /// <inheritdoc/>
    protected internal override unsafe void InferCore(
        ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state, StepMask? mask)
    {
        fixed (T* hidden = PartOf(state, 0), cell = PartOf(state, 1))
        {
            Run(false, input, output, steps, state.Batch, mask, hidden, cell, hidden, cell);
        }
    }

    private static Parameter<T>[] CreateParameters(int inputs, int hiddenUnits)
    {
        Guard.Positive(inputs);
        Guard.Positive(hiddenUnits);
        Guard.InRange(hiddenUnits, 1, int.MaxValue / 4);
        return
        [
            new Parameter<T>(nameof(InputWeights), 4 * hiddenUnits, inputs),
            new Parameter<T>(nameof(RecurrentWeights), 4 * hiddenUnits, hiddenUnits),
            new Parameter<T>(nameof(Bias), 4 * hiddenUnits, 1, decays: false),
        ];
    }

    private static Span<T> PartOf(LayerState<T>? state, int part) => state is null ? default : state.Parts[part].Values;

    private unsafe void Run(
        bool training,
        ReadOnlySpan<T> input,
        Span<T> output,
        int steps,
        int batch,
        StepMask? mask,
        T* initialHidden,
        T* initialCell,
        T* finalHidden,
        T* finalCell)
    {
        fixed (T* w = InputWeights.Values, u = RecurrentWeights.Values, b = Bias.Values)
        fixed (T* x = input, y = output)
        {
            LstmPass<T> pass = new()
            {
                Steps = steps,
                Batch = batch,
                Inputs = Inputs,
                HiddenUnits = HiddenUnits,
                InputWeights = w,
                RecurrentWeights = u,
                Bias = b,
                Input = x,
                Output = y,
                InitialHidden = initialHidden,
                InitialCell = initialCell,
                FinalHidden = finalHidden,
                FinalCell = finalCell,
            };
            if (mask is not null)
            {
                LstmSequences<T> sequences = training ? _maskedTraining : _maskedInference.Rent();
                sequences.Forward(pass, mask, training, Threads);
                if (!training)
                {
                    _maskedInference.Return(sequences);
                }
            }
            else
            {
                LstmEngine<T> engine = training ? _training : _inference.Rent();
                engine.Forward(pass, training, Threads);
                if (!training)
                {
                    _inference.Return(engine);
                }
            }
        }
    }
}
