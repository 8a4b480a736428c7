using System.Numerics;

namespace Lstm.Layers;

/// <summary>
/// Carries a layer's state from call to call, so that long sequences can be trained on in chunks, one after the other:
/// truncated backpropagation through time (Williams and Peng 1990). Each <see cref="Layer{T}.Forward"/> without an
/// initial state starts where the one before it ended; with one it starts from that. No gradient flows from chunk to chunk.
/// </summary>
/// <remarks>
/// The state is kept only for training. <see cref="Layer{T}.Infer(Sequence{T}, LayerState{T}?)"/> and
/// <see cref="Layer{T}.Step"/> work on the state that they are given, as any layer's do.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class StatefulLayer<T> : WrapperLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Dictionary<int, LayerState<T>> _states = [];
    private LayerState<T>? _state;

    /// <summary>Makes the layer. Its state starts at zeros.</summary>
    /// <param name="inner">The layer, a causal one: another has no state in which the next chunk could start.</param>
    /// <exception cref="ArgumentNullException"><paramref name="inner"/> is null.</exception>
    /// <exception cref="ArgumentException">The layer is not causal.</exception>
    public StatefulLayer(Layer<T> inner)
        : base(inner) =>
        Guard.Shape(inner.IsCausal, "a causal layer, one that reads the steps in their order", $"{inner}", nameof(inner));

    /// <summary>
    /// The state in which the next call starts; null stands for zeros, for any number of sequences. It belongs to the
    /// layer, and the next call overwrites it. A state that is set is copied.
    /// </summary>
    /// <exception cref="ArgumentException">The state is of another layer.</exception>
    public LayerState<T>? State
    {
        get => _state;
        set
        {
            if (value is null)
            {
                _state = null;
                return;
            }

            CheckState(value, value.Batch, nameof(State));
            Keep(value);
        }
    }

    /// <summary>Whether the layer within reads its output in backward.</summary>
    public override bool NeedsOutput => Inner.NeedsOutput;

    internal override bool CarriesState => true;

    /// <inheritdoc/>
    public override void SaveTraining(Snapshot<T> snapshot)
    {
        base.SaveTraining(snapshot);
        _state?.Save(snapshot.Part("state."));
    }

    /// <inheritdoc/>
    public override void RestoreTraining(Snapshot<T> snapshot)
    {
        base.RestoreTraining(snapshot);
        State = LayerState<T>.Restore(this, snapshot.Part("state."));
    }

    /// <summary>Makes the next call start at zeros, with any number of sequences.</summary>
    public void Reset() => _state = null;

    /// <summary>
    /// Sets the state of one sequence to that before the first step and leaves the others: for example where a new text
    /// starts.
    /// </summary>
    /// <param name="sequence">b, from 0 to B − 1.</param>
    /// <exception cref="InvalidOperationException">There is no state yet, so that the number of sequences is unknown.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of its range.</exception>
    public void Reset(int sequence)
    {
        LayerState<T> state = _state ?? throw new InvalidOperationException(
            "Forward must be called, or State set, before single sequences are reset: all of them are at zero.");
        Guard.Index(sequence, state.Batch);
        LayerState<T> start = CreateState(1);
        for (int n = 0; n < state.Parts.Count; n++)
        {
            Span<T> first = start.Parts[n].Values;
            first.CopyTo(state.Parts[n].Values.Slice(sequence * first.Length));
        }
    }

    /// <inheritdoc/>
    protected override void ForwardCore(
        Sequence<T> input, LayerState<T>? initialState, Sequence<T> output, LayerState<T> finalState)
    {
        Inner.ForwardInto(input, initialState ?? _state, output, finalState);
        Keep(finalState);
    }

    /// <inheritdoc/>
    protected override void BackwardCore(
        Sequence<T> input,
        Sequence<T> output,
        Sequence<T> outputGradient,
        LayerState<T>? finalStateGradient,
        Sequence<T> inputGradient,
        LayerState<T> initialStateGradient) =>
        Inner.BackwardInto(outputGradient, finalStateGradient, inputGradient, initialStateGradient);

    /// <inheritdoc/>
    protected internal override void InferCore(
        ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state, StepMask? mask) =>
        Inner.InferInto(input, output, steps, state, mask);

    private protected override void CheckStart(Sequence<T> input, LayerState<T>? initialState)
    {
        if (initialState is null && _state is not null && _state.Batch != input.Batch)
        {
            throw new InvalidOperationException(
                $"The state is of {_state.Batch} sequences, but the input of {input.Batch}: call Reset before another batch.");
        }
    }

    private void Keep(LayerState<T> state)
    {
        if (!_states.TryGetValue(state.Batch, out LayerState<T>? own))
        {
            own = CreateState(state.Batch);
            _states.Add(state.Batch, own);
        }

        own.CopyFrom(state);
        _state = own;
    }
}
