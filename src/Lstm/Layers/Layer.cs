using System.Numerics;

namespace Lstm.Layers;

/// <summary>
/// A map from sequences to sequences with trainable parameters. <see cref="Forward"/> and <see cref="Backward"/> train;
/// <see cref="Infer(Sequence{T}, Sequence{T}, LayerState{T}?)"/> and <see cref="Step"/> only compute.
/// </summary>
/// <remarks>
/// <para>
/// Training is for one thread at a time: <see cref="Forward"/> keeps what <see cref="Backward"/> needs in the layer.
/// Inference keeps nothing in the layer, so any number of threads may run it at once, each with a state of its own.
/// </para>
/// <para>
/// The sequences and states that a layer returns from training belong to it. The next pass overwrites them; copy
/// what must outlive it. In return, a pass of a shape seen before allocates nothing.
/// </para>
/// <para>
/// To write a layer of your own: derive, pass the parameters to the constructor, and override the three Core methods.
/// They are called with arguments that have been checked. <see cref="MaskSupport"/> says how the layer treats sequences of
/// different length. Prove the gradients with <c>GradientCheck</c>.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract partial class Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Sequence<T> _output;
    private readonly Sequence<T> _inputGradient;
    private LayerState<T>? _finalState;
    private LayerState<T>? _initialStateGradient;

    // Of the latest forward pass, until its backward pass.
    private Sequence<T>? _seenInput;
    private Sequence<T>? _seenOutput;
    private (int Steps, int Batch, StepMask? Mask) _seen;

    /// <summary>Makes the common part of a layer.</summary>
    /// <param name="inputs">The features of its input; at least 1.</param>
    /// <param name="outputs">The features of its output; at least 1.</param>
    /// <param name="parameters">What it trains, in a fixed order; may be empty.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    /// <exception cref="ArgumentNullException">The list or a parameter is null.</exception>
    protected Layer(int inputs, int outputs, params IReadOnlyList<Parameter<T>> parameters)
    {
        Guard.ElementType<T>();
        Guard.Positive(inputs);
        Guard.Positive(outputs);
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (Parameter<T> parameter in parameters)
        {
            ArgumentNullException.ThrowIfNull(parameter, nameof(parameters));
        }

        (Inputs, Outputs) = (inputs, outputs);
        Parameters = [.. parameters];
        _output = new Sequence<T>(outputs);
        _inputGradient = new Sequence<T>(inputs);
    }

    /// <summary>I, the features of the input at each step.</summary>
    public int Inputs { get; }

    /// <summary>The features of the output at each step.</summary>
    public int Outputs { get; }

    /// <summary>
    /// Whether the output of a step follows only from that step and those before it; true unless overridden. Only then
    /// can the steps be given one by one or in chunks: <see cref="Step"/> refuses otherwise.
    /// </summary>
    public virtual bool IsCausal => true;

    /// <summary>
    /// Whether the output has one step, whatever the number of steps of the input; false unless overridden: the output
    /// has as many steps as the input. Where the shape of an output is said to have T steps, T is then 1.
    /// </summary>
    public virtual bool GivesOneStep => false;

    /// <summary>
    /// Whether <see cref="Backward"/> reads the output of <see cref="Forward"/>, which must then be left as it was until
    /// then; true unless overridden. Where it does not, a loss may write its gradient over the output.
    /// </summary>
    public virtual bool NeedsOutput => true;

    /// <summary>
    /// What the layer does with an input that has a <see cref="Sequence{T}.Mask"/>;
    /// <see cref="Layers.MaskSupport.None"/> unless overridden: it is refused.
    /// </summary>
    public virtual MaskSupport MaskSupport => MaskSupport.None;

    /// <summary>What the layer trains, in a fixed order.</summary>
    public IReadOnlyList<Parameter<T>> Parameters { get; }

    /// <summary>The number of trainable numbers.</summary>
    public long ParameterCount => Parameters.Sum(parameter => (long)parameter.Count);

    /// <summary>
    /// The most threads that a call may use, from 1; the number of processors unless set. The results do not depend on
    /// it, down to the last bit.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public virtual int Threads { get; set => field = Guard.Positive(value, nameof(Threads)); } = Environment.ProcessorCount;

    /// <summary>The state after the last step of the latest <see cref="Forward"/>. It belongs to the layer.</summary>
    /// <exception cref="InvalidOperationException"><see cref="Forward"/> has not been called.</exception>
    public virtual LayerState<T> FinalState => _finalState
        ?? throw new InvalidOperationException("Forward must be called before FinalState is read.");

    /// <summary>
    /// The gradient of the loss with respect to the initial state, after <see cref="Backward"/>. It belongs to the layer.
    /// </summary>
    /// <exception cref="InvalidOperationException"><see cref="Backward"/> has not been called since the latest forward pass.</exception>
    public virtual LayerState<T> InitialStateGradient => _initialStateGradient
        ?? throw new InvalidOperationException("Backward must be called before InitialStateGradient is read.");

    /// <summary>Makes the state of this layer before the first step: zeros, unless it learns another.</summary>
    /// <param name="batch">B, the number of sequences; at least 1.</param>
    /// <returns>A state that belongs to the caller.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batch"/> is below 1.</exception>
    public virtual LayerState<T> CreateState(int batch) => new(batch);

    /// <summary>Computes the output of every step and keeps what <see cref="Backward"/> needs.</summary>
    /// <param name="input">T × B × <see cref="Inputs"/>. It is read again by <see cref="Backward"/>: leave it unchanged until then.</param>
    /// <param name="initialState">The state before the first step; zeros if null. It is read and not changed.</param>
    /// <returns>
    /// T × B × <see cref="Outputs"/>, with the input's mask unless it is of one step
    /// (<see cref="GivesOneStep"/>). It belongs to the layer, and the next call overwrites it.
    /// </returns>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The input has another number of features, or a mask that the layer cannot take, or the state has another shape.
    /// </exception>
    public Sequence<T> Forward(Sequence<T> input, LayerState<T>? initialState = null)
    {
        CheckInput(input);
        CheckState(initialState, input.Batch, nameof(initialState));
        return ForwardInto(input, initialState, null, States(input.Batch).Final);
    }

    /// <summary>
    /// Runs back through time: adds the gradients of all parameters into their accumulators and returns the gradient of
    /// the input. Each forward pass has one backward pass.
    /// </summary>
    /// <param name="outputGradient">
    /// ∂L/∂output of every step, of the shape of the output. What it contains after the end of a sequence makes no difference.
    /// </param>
    /// <param name="finalStateGradient">∂L/∂(final state); zeros if null.</param>
    /// <returns>
    /// ∂L/∂input, T × B × <see cref="Inputs"/>, zero at steps that are not valid. It belongs to the layer, and the next
    /// call overwrites it.
    /// </returns>
    /// <exception cref="InvalidOperationException">There was no forward pass since the last backward pass.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="outputGradient"/> is null.</exception>
    /// <exception cref="ArgumentException">A gradient has another shape than the forward pass had.</exception>
    public Sequence<T> Backward(Sequence<T> outputGradient, LayerState<T>? finalStateGradient = null)
    {
        Sequence<T> input = InputToRunBack();
        ArgumentNullException.ThrowIfNull(outputGradient);
        int outputSteps = OutputSteps(_seen.Steps);
        Guard.Shape(
            outputGradient.Steps == outputSteps && outputGradient.Batch == _seen.Batch && outputGradient.Features == Outputs,
            $"of the shape of the output, {outputSteps} steps × {_seen.Batch} sequences × {Outputs} features",
            $"{outputGradient}",
            nameof(outputGradient));
        if (input.Steps != _seen.Steps || input.Batch != _seen.Batch || input.Gaps != _seen.Mask)
        {
            throw new InvalidOperationException(
                $"The input of Forward must stay as it was until Backward, {_seen.Steps} steps × {_seen.Batch} sequences, but became {input}"
                + (input.Gaps == _seen.Mask ? "." : ", with another mask."));
        }

        CheckState(finalStateGradient, _seen.Batch, nameof(finalStateGradient));
        return BackwardInto(outputGradient, finalStateGradient, null, States(_seen.Batch).InitialGradient);
    }

    /// <summary>Computes the output of every step without keeping anything for a backward pass.</summary>
    /// <param name="input">T × B × <see cref="Inputs"/>.</param>
    /// <param name="state">The state before the first step, replaced by the state after the last; zeros if null.</param>
    /// <returns>T × B × <see cref="Outputs"/>, with the mask as of <see cref="Forward"/>, new and the caller's.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="input"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The input has another number of features, or a mask that the layer cannot take, or the state has another shape.
    /// </exception>
    public Sequence<T> Infer(Sequence<T> input, LayerState<T>? state = null)
    {
        CheckInput(input);
        var output = new Sequence<T>(OutputSteps(input.Steps), input.Batch, Outputs);
        Infer(input, output, state);
        return output;
    }

    /// <summary>Computes the output of every step into a given sequence, without keeping anything for a backward pass.</summary>
    /// <param name="input">T × B × <see cref="Inputs"/>.</param>
    /// <param name="output">
    /// T × B × <see cref="Outputs"/>, overwritten, and given the mask as of <see cref="Forward"/>; not the input.
    /// </param>
    /// <param name="state">The state before the first step, replaced by the state after the last; zeros if null.</param>
    /// <exception cref="ArgumentNullException">A sequence is null.</exception>
    /// <exception cref="ArgumentException">
    /// A sequence or the state has another shape, the input has a mask that the layer cannot take, or input and output are one.
    /// </exception>
    public void Infer(Sequence<T> input, Sequence<T> output, LayerState<T>? state = null)
    {
        CheckInput(input);
        ArgumentNullException.ThrowIfNull(output);
        int outputSteps = OutputSteps(input.Steps);
        Guard.Shape(
            output.Steps == outputSteps && output.Batch == input.Batch && output.Features == Outputs,
            $"of {outputSteps} steps × {input.Batch} sequences × {Outputs} features",
            $"{output}",
            nameof(output));
        CheckInfer(input.Values, output.Values, state, input.Batch);
        LayerState<T> used = state ?? RentState(input.Batch);
        InferInto(input.Values, output.Values, input.Steps, used, input.Gaps);
        output.Mask = OutputMask(input);
        if (state is null)
        {
            ReturnState(used);
        }
    }

    /// <summary>
    /// Takes one step: of one stream if the state's batch is 1, of B streams at once otherwise. Allocates nothing.
    /// </summary>
    /// <param name="input">B × <see cref="Inputs"/> numbers, sequence by sequence.</param>
    /// <param name="state">The state before the step, replaced by the state after it.</param>
    /// <param name="output">B × <see cref="Outputs"/> numbers, overwritten; apart from the input in memory.</param>
    /// <exception cref="ArgumentNullException"><paramref name="state"/> is null.</exception>
    /// <exception cref="ArgumentException">A span has another length, the state another shape, or the spans overlap.</exception>
    /// <exception cref="InvalidOperationException">The layer is not causal; see <see cref="IsCausal"/>.</exception>
    public void Step(ReadOnlySpan<T> input, LayerState<T> state, Span<T> output)
    {
        if (!IsCausal)
        {
            throw new InvalidOperationException(
                $"{this} cannot take single steps, for its output depends on later ones: call Infer with the whole sequence.");
        }

        ArgumentNullException.ThrowIfNull(state);
        Guard.Length(input.Length, (long)state.Batch * Inputs, "sequences × inputs", nameof(input));
        Guard.Length(output.Length, (long)state.Batch * Outputs, "sequences × outputs", nameof(output));
        CheckInfer(input, output, state, state.Batch);
        CheckValues(input, null);
        InferCore(input, output, 1, state, null);
    }

    /// <summary>Sets the accumulated gradients of all parameters to zero.</summary>
    public void ZeroGradient()
    {
        for (int n = 0; n < Parameters.Count; n++)
        {
            Parameters[n].ZeroGradient();
        }
    }

    /// <summary>
    /// Saves what a training pass depends on besides parameters, input and initial state: the number of random calls, a state
    /// that is carried. Nothing unless overridden.
    /// </summary>
    /// <param name="snapshot">Where it is saved.</param>
    /// <exception cref="ArgumentNullException"><paramref name="snapshot"/> is null.</exception>
    public virtual void SaveTraining(Snapshot<T> snapshot) => ArgumentNullException.ThrowIfNull(snapshot);

    /// <summary>Restores what <see cref="SaveTraining"/> saved, so that training goes on as it would have.</summary>
    /// <param name="snapshot">What was saved.</param>
    /// <exception cref="ArgumentNullException"><paramref name="snapshot"/> is null.</exception>
    /// <exception cref="InvalidDataException">The snapshot is not of such a layer.</exception>
    public virtual void RestoreTraining(Snapshot<T> snapshot) => ArgumentNullException.ThrowIfNull(snapshot);

    /// <summary>Says what the layer is: its kind, sizes and number of parameters.</summary>
    /// <returns>For example <c>DenseLayer&lt;Single&gt; 32 → 27, 891 parameters</c>.</returns>
    public override string ToString() =>
        $"{GetType().Name.Split('`')[0]}<{typeof(T).Name}> {Inputs} → {Outputs}, {ParameterCount} parameters";

    /// <summary>The work of <see cref="Forward"/>.</summary>
    /// <param name="input">T × B × <see cref="Inputs"/>. It has a mask only if <see cref="MaskSupport"/> is full.</param>
    /// <param name="initialState">The state before the first step; null stands for zeros.</param>
    /// <param name="output">T × B × <see cref="Outputs"/>, to be overwritten.</param>
    /// <param name="finalState">To be overwritten with the state after the last step. It may be the initial state itself.</param>
    protected abstract void ForwardCore(
        Sequence<T> input, LayerState<T>? initialState, Sequence<T> output, LayerState<T> finalState);

    /// <summary>The work of <see cref="Backward"/>.</summary>
    /// <param name="input">The input of the forward pass.</param>
    /// <param name="output">The output of the forward pass.</param>
    /// <param name="outputGradient">∂L/∂output.</param>
    /// <param name="finalStateGradient">∂L/∂(final state); null stands for zeros.</param>
    /// <param name="inputGradient">To be overwritten with ∂L/∂input.</param>
    /// <param name="initialStateGradient">To be overwritten with ∂L/∂(initial state).</param>
    protected abstract void BackwardCore(
        Sequence<T> input,
        Sequence<T> output,
        Sequence<T> outputGradient,
        LayerState<T>? finalStateGradient,
        Sequence<T> inputGradient,
        LayerState<T> initialStateGradient);

    /// <summary>
    /// The work of <see cref="Infer(Sequence{T}, Sequence{T}, LayerState{T}?)"/> and <see cref="Step"/>. Several threads
    /// may be in it at the same time, so it must not write to the layer.
    /// </summary>
    /// <param name="input">T × B × <see cref="Inputs"/> numbers.</param>
    /// <param name="output">T × B × <see cref="Outputs"/> numbers, to be overwritten.</param>
    /// <param name="steps">T, the number of steps; B is the state's.</param>
    /// <param name="state">The state before the first step, to be replaced by the state after the last.</param>
    /// <param name="mask">
    /// T × B: which steps are valid; null if all are, and always unless <see cref="MaskSupport"/> is full.
    /// </param>
    protected internal abstract void InferCore(
        ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state, StepMask? mask);

    /// <summary>Refuses numbers that the layer cannot take, such as a token out of its range. Most layers take all.</summary>
    /// <param name="input">T × B × <see cref="Inputs"/> numbers.</param>
    /// <param name="mask">Which steps are valid; null if all are. The other steps may contain anything.</param>
    /// <exception cref="ArgumentException">The layer cannot take the input.</exception>
    protected internal virtual void CheckValues(ReadOnlySpan<T> input, StepMask? mask)
    {
    }
}
