using System.Numerics;
using System.Numerics.Tensors;

namespace Lstm.Layers;

/// <summary>
/// Two layers over the same steps, one from the first to the last and one from the last to the first, so that the output
/// of a step depends on what comes before and after it (Schuster and Paliwal 1997).
/// </summary>
/// <remarks>
/// <para>
/// Its state is a <see cref="CompositeState{T}"/> of the two layers' states. The backward layer starts after the
/// last step: its initial state belongs there, its final state to the first step.
/// </para>
/// <para>
/// It needs the whole sequence before it can give the first step's output, and so it is not causal:
/// <see cref="Layer{T}.Step"/> refuses.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class BidirectionalLayer<T> : Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReverseLayer<T> _reverse;
    private readonly Pool<Buffers<T>> _buffers = new(() => new Buffers<T>(2));

    // The gradients of the two outputs where they are not the output's own.
    private readonly Sequence<T> _forwardGradient;
    private readonly Sequence<T> _backwardGradient;

    // The two outputs of the latest forward pass, which belong to the layers.
    private Sequence<T>? _forwardOutput;
    private Sequence<T>? _backwardOutput;

    /// <summary>Makes the layer.</summary>
    /// <param name="forward">The layer that reads the steps in their order.</param>
    /// <param name="backward">The layer that reads them in reverse, of the same inputs and outputs; not the same layer.</param>
    /// <param name="merge">How the two outputs become one; concatenated by default.</param>
    /// <exception cref="ArgumentNullException">A layer is null.</exception>
    /// <exception cref="ArgumentException">
    /// The layers differ in inputs, outputs or steps of the output, or are the same layer; or there is a <see cref="StatefulLayer{T}"/>
    /// in the backward one.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="merge"/> is not one of the enumeration.</exception>
    public BidirectionalLayer(Layer<T> forward, Layer<T> backward, Merge merge = Merge.Concatenate)
        : base(
            Checked(forward, backward, merge).Inputs,
            merge == Merge.Concatenate ? checked(2 * forward.Outputs) : forward.Outputs,
            [.. forward.Parameters.Concat(backward.Parameters).Distinct()])
    {
        (ForwardLayer, _reverse, Merge) = (forward, new ReverseLayer<T>(backward), merge);
        _forwardGradient = new Sequence<T>(forward.Outputs);
        _backwardGradient = new Sequence<T>(forward.Outputs);
    }

    /// <summary>The layer that reads the steps in their order. Train it only through this layer.</summary>
    public Layer<T> ForwardLayer { get; }

    /// <summary>The layer that reads the steps in reverse. Train it only through this layer.</summary>
    public Layer<T> BackwardLayer => _reverse.Inner;

    /// <summary>How the two outputs become one.</summary>
    public Merge Merge { get; }

    /// <summary>False: the first step's output depends on all steps.</summary>
    public override bool IsCausal => false;

    /// <inheritdoc/>
    public override bool GivesOneStep => ForwardLayer.GivesOneStep;

    /// <inheritdoc/>
    public override MaskSupport MaskSupport =>
        ForwardLayer.MaskSupport == MaskSupport.None || BackwardLayer.MaskSupport == MaskSupport.None
            ? MaskSupport.None
            : MaskSupport.Full;

    /// <inheritdoc/>
    public override int Threads
    {
        get => base.Threads;
        set => base.Threads = ForwardLayer.Threads = BackwardLayer.Threads = value;
    }

    /// <inheritdoc/>
    public override LayerState<T> CreateState(int batch) => new CompositeState<T>(
        batch, ("Forward", ForwardLayer.CreateState(batch)), ("Backward", BackwardLayer.CreateState(batch)));

    internal override void Start(LayerState<T> state)
    {
        ForwardLayer.Start(CompositeState<T>.Of(state, 0)!);
        BackwardLayer.Start(CompositeState<T>.Of(state, 1)!);
    }

    /// <inheritdoc/>
    public override void SaveTraining(Snapshot<T> snapshot)
    {
        base.SaveTraining(snapshot);
        ForwardLayer.SaveTraining(snapshot.Part("forward."));
        BackwardLayer.SaveTraining(snapshot.Part("backward."));
    }

    /// <inheritdoc/>
    public override void RestoreTraining(Snapshot<T> snapshot)
    {
        base.RestoreTraining(snapshot);
        ForwardLayer.RestoreTraining(snapshot.Part("forward."));
        BackwardLayer.RestoreTraining(snapshot.Part("backward."));
    }

    /// <inheritdoc/>
    protected internal override void CheckValues(ReadOnlySpan<T> input, StepMask? mask)
    {
        ForwardLayer.CheckValues(input, mask);
        BackwardLayer.CheckValues(input, mask);
    }

    /// <inheritdoc/>
    protected override void ForwardCore(
        Sequence<T> input, LayerState<T>? initialState, Sequence<T> output, LayerState<T> finalState)
    {
        _forwardOutput = ForwardLayer.ForwardInto(
            input, CompositeState<T>.Of(initialState, 0), null, CompositeState<T>.Of(finalState, 0)!);
        _backwardOutput = _reverse.ForwardInto(
            input, CompositeState<T>.Of(initialState, 1), null, CompositeState<T>.Of(finalState, 1)!);
        Join(_forwardOutput.Values, _backwardOutput.Values, output.Values);
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
        (Sequence<T> forward, Sequence<T> backward) = Split(outputGradient);
        ForwardLayer.BackwardInto(
            forward,
            CompositeState<T>.Of(finalStateGradient, 0),
            inputGradient,
            CompositeState<T>.Of(initialStateGradient, 0)!);
        Sequence<T> other = _reverse.BackwardInto(
            backward, CompositeState<T>.Of(finalStateGradient, 1), null, CompositeState<T>.Of(initialStateGradient, 1)!);
        TensorPrimitives.Add<T>(inputGradient.Values, other.Values, inputGradient.Values);
    }

    /// <inheritdoc/>
    protected internal override void InferCore(
        ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state, StepMask? mask)
    {
        Buffers<T> buffers = _buffers.Rent();
        int length = OutputSteps(steps) * state.Batch * ForwardLayer.Outputs;
        Span<T> forward = buffers.Get(0, length);
        Span<T> backward = buffers.Get(1, length);
        ForwardLayer.InferInto(input, forward, steps, CompositeState<T>.Of(state, 0)!, mask);
        _reverse.InferInto(input, backward, steps, CompositeState<T>.Of(state, 1)!, mask);
        Join(forward, backward, output);
        _buffers.Return(buffers);
    }

    private static Layer<T> Checked(Layer<T> forward, Layer<T> backward, Merge merge)
    {
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(backward);
        Guard.Shape(forward != backward, "another layer than the forward one", "the same", nameof(backward));
        Guard.Shape(
            backward.Inputs == forward.Inputs && backward.Outputs == forward.Outputs,
            $"of the inputs and outputs of the forward layer, {forward}",
            $"{backward}",
            nameof(backward));
        Guard.Shape(
            backward.GivesOneStep == forward.GivesOneStep,
            "with as many steps in its output as the forward layer has",
            backward.GivesOneStep ? "one with a single step" : "one with every step",
            nameof(backward));
        ReverseLayer<T>.RefuseState(backward, nameof(backward));
        Guard.Defined(merge);
        return forward;
    }

    private void Join(ReadOnlySpan<T> forward, ReadOnlySpan<T> backward, Span<T> output)
    {
        switch (Merge)
        {
            case Merge.Concatenate:
                int width = ForwardLayer.Outputs;
                for (int from = 0, to = 0; from < forward.Length; from += width, to += 2 * width)
                {
                    forward.Slice(from, width).CopyTo(output.Slice(to));
                    backward.Slice(from, width).CopyTo(output.Slice(to + width));
                }

                break;
            case Merge.Multiply:
                TensorPrimitives.Multiply(forward, backward, output);
                break;
            default:
                TensorPrimitives.Add(forward, backward, output);
                if (Merge == Merge.Average)
                {
                    Halve(output, output);
                }

                break;
        }
    }

    /// <summary>The gradients of the two outputs.</summary>
    private (Sequence<T> Forward, Sequence<T> Backward) Split(Sequence<T> outputGradient)
    {
        if (Merge == Merge.Sum)
        {
            return (outputGradient, outputGradient);
        }

        _forwardGradient.Resize(outputGradient.Steps, outputGradient.Batch);
        _backwardGradient.Resize(outputGradient.Steps, outputGradient.Batch);
        ReadOnlySpan<T> gradient = outputGradient.Values;
        Span<T> forward = _forwardGradient.Values;
        Span<T> backward = _backwardGradient.Values;
        switch (Merge)
        {
            case Merge.Concatenate:
                int width = ForwardLayer.Outputs;
                for (int from = 0, to = 0; to < forward.Length; from += 2 * width, to += width)
                {
                    gradient.Slice(from, width).CopyTo(forward.Slice(to));
                    gradient.Slice(from + width, width).CopyTo(backward.Slice(to));
                }

                break;
            case Merge.Multiply:
                TensorPrimitives.Multiply(gradient, _backwardOutput!.Values, forward);
                TensorPrimitives.Multiply(gradient, _forwardOutput!.Values, backward);
                break;
            default:
                Halve(gradient, forward);
                return (_forwardGradient, _forwardGradient);
        }

        return (_forwardGradient, _backwardGradient);
    }

    private static void Halve(ReadOnlySpan<T> values, Span<T> halves) =>
        TensorPrimitives.Multiply(values, T.CreateTruncating(0.5), halves);
}
