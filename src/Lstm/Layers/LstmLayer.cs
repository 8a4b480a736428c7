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
    private readonly AlignedBuffer<T> _gates = new();
    private readonly AlignedBuffer<T> _cells = new();
    private readonly AlignedBuffer<T> _cellTanh = new();
    private readonly AlignedBuffer<T> _initialHidden = new();
    private readonly AlignedBuffer<T> _initialCell = new();

    /// <summary>Makes a layer with weights drawn from a seed.</summary>
    /// <param name="inputs">I, the features of the input; at least 1.</param>
    /// <param name="hiddenUnits">H, the hidden units; at least 1.</param>
    /// <param name="seed">The weights follow from it and the options alone.</param>
    /// <param name="options">How the layer is made; the defaults if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public LstmLayer(int inputs, int hiddenUnits, int seed = 0, LstmOptions? options = null)
        : this(inputs, hiddenUnits, new Random(seed), options)
    {
    }

    /// <summary>Makes a layer with weights drawn from a source of randomness.</summary>
    /// <param name="inputs">I, the features of the input; at least 1.</param>
    /// <param name="hiddenUnits">H, the hidden units; at least 1.</param>
    /// <param name="random">The source; it is not kept.</param>
    /// <param name="options">How the layer is made; the defaults if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
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
    public override LstmState<T> FinalState => (LstmState<T>)base.FinalState;

    /// <inheritdoc/>
    public override LstmState<T> InitialStateGradient => (LstmState<T>)base.InitialStateGradient;

    /// <inheritdoc/>
    public override LstmState<T> CreateState(int batch) => new(HiddenUnits, batch);

    /// <inheritdoc/>
    protected override unsafe void ForwardCore(
        Sequence<T> input, LayerState<T>? initialState, Sequence<T> output, LayerState<T> finalState)
    {
        fixed (T* w = InputWeights.Values, u = RecurrentWeights.Values, b = Bias.Values)
        fixed (T* x = input.Values, y = output.Values)
        fixed (T* hidden = finalState.Parts[0].Values, cell = finalState.Parts[1].Values)
        {
            LstmPass<T> pass = Pass(input.Steps, input.Batch, w, u, b, x, y);
            pass.FinalHidden = hidden;
            pass.FinalCell = cell;
            CopyState(initialState, 0, pass.InitialHidden, input.Batch);
            CopyState(initialState, 1, pass.InitialCell, input.Batch);
            LstmKernel.Forward(pass, null);
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
        fixed (T* w = InputWeights.Values, u = RecurrentWeights.Values, b = Bias.Values)
        fixed (T* x = input.Values, y = output.Values, dx = inputGradient.Values, dy = outputGradient.Values)
        fixed (T* dw = InputWeights.Gradients, du = RecurrentWeights.Gradients, db = Bias.Gradients)
        fixed (T* dh0 = initialStateGradient.Parts[0].Values, dc0 = initialStateGradient.Parts[1].Values)
        fixed (T* dh = finalStateGradient is null ? default : finalStateGradient.Parts[0].Values)
        fixed (T* dc = finalStateGradient is null ? default : finalStateGradient.Parts[1].Values)
        {
            LstmPass<T> pass = Pass(input.Steps, input.Batch, w, u, b, x, y);
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
            LstmKernel.Backward(pass, gradients);
        }
    }

    /// <inheritdoc/>
    protected internal override unsafe void InferCore(ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state)
    {
        T[] scratch = new T[4 * HiddenUnits];
        fixed (T* w = InputWeights.Values, u = RecurrentWeights.Values, b = Bias.Values)
        fixed (T* x = input, y = output, z = scratch)
        fixed (T* hidden = state.Parts[0].Values, cell = state.Parts[1].Values)
        {
            LstmPass<T> pass = new()
            {
                Steps = steps,
                Batch = state.Batch,
                Inputs = Inputs,
                HiddenUnits = HiddenUnits,
                InputWeights = w,
                RecurrentWeights = u,
                Bias = b,
                Input = x,
                Output = y,
                InitialHidden = hidden,
                InitialCell = cell,
                FinalHidden = hidden,
                FinalCell = cell,
            };
            LstmKernel.Forward(pass, z);
        }
    }

    private static Parameter<T>[] CreateParameters(int inputs, int hiddenUnits)
    {
        Guard.Positive(inputs);
        Guard.Positive(hiddenUnits);
        return
        [
            new Parameter<T>(nameof(InputWeights), checked(4 * hiddenUnits), inputs),
            new Parameter<T>(nameof(RecurrentWeights), 4 * hiddenUnits, hiddenUnits),
            new Parameter<T>(nameof(Bias), 4 * hiddenUnits, 1, decays: false),
        ];
    }

    private unsafe void CopyState(LayerState<T>? state, int part, T* destination, int batch)
    {
        Span<T> target = new(destination, batch * HiddenUnits);
        if (state is null)
        {
            target.Clear();
        }
        else
        {
            state.Parts[part].Values.CopyTo(target);
        }
    }

    private unsafe LstmPass<T> Pass(int steps, int batch, T* w, T* u, T* b, T* x, T* y)
    {
        long state = (long)batch * HiddenUnits;
        return new LstmPass<T>
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
            InitialHidden = _initialHidden.Get(state),
            InitialCell = _initialCell.Get(state),
            Gates = _gates.Get(4 * steps * state),
            Cells = _cells.Get(steps * state),
            CellTanh = _cellTanh.Get(steps * state),
        };
    }
}
