using System.Numerics;

namespace Lstm.Layers;

/// <summary>
/// Runs a layer over the steps in reverse: from the last to the first. The output of a step is in the place of the step,
/// and so summarises the steps from there to the end. The initial state is that after the last step, the final state
/// that of the first step. Sequences of different length each start at their own end.
/// </summary>
/// <remarks>
/// It needs the whole sequence before it can give the first step's output, and so it is not causal:
/// <see cref="Layer{T}.Step"/> refuses.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ReverseLayer<T> : WrapperLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Sequence<T> _input;
    private readonly Sequence<T> _outputGradient;
    private readonly Pool<Buffers<T>> _buffers = new(() => new Buffers<T>(1));

    /// <summary>Makes the layer.</summary>
    /// <param name="inner">The layer to run in reverse. It must not carry its state from call to call.</param>
    /// <exception cref="ArgumentNullException"><paramref name="inner"/> is null.</exception>
    /// <exception cref="ArgumentException">A <see cref="StatefulLayer{T}"/> is in the layer.</exception>
    public ReverseLayer(Layer<T> inner)
        : base(inner)
    {
        RefuseState(inner, nameof(inner));
        _input = new Sequence<T>(Inputs);
        _outputGradient = new Sequence<T>(Outputs);
    }

    /// <summary>False: the first step's output depends on all steps.</summary>
    public override bool IsCausal => false;

    /// <summary>In reverse, the next sequence does not start where the one before it ended.</summary>
    internal static void RefuseState(Layer<T> layer, string name) => Guard.Shape(
        !layer.CarriesState, "a layer without a StatefulLayer in it", $"{layer}, to be run in reverse", name);

    /// <inheritdoc/>
    protected override void ForwardCore(
        Sequence<T> input, LayerState<T>? initialState, Sequence<T> output, LayerState<T> finalState)
    {
        Reverse(input, _input, input.Gaps);
        _input.Mask = input.Gaps?.Reversed;
        Sequence<T> inner = Inner.ForwardInto(_input, initialState, null, finalState);
        Reverse(inner, output, GivesOneStep ? null : input.Gaps);
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
        Reverse(outputGradient, _outputGradient, GivesOneStep ? null : input.Gaps);
        Sequence<T> inner = Inner.BackwardInto(_outputGradient, finalStateGradient, null, initialStateGradient);
        Reverse(inner, inputGradient, input.Gaps);
    }

    /// <inheritdoc/>
    protected internal override void InferCore(
        ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state, StepMask? mask)
    {
        Buffers<T> buffers = _buffers.Rent();
        Span<T> reversed = buffers.Get(0, input.Length);
        input.CopyTo(reversed);
        Reverse(reversed, steps, mask);
        Inner.InferInto(reversed, output, steps, state, mask?.Reversed);
        Reverse(output, OutputSteps(steps), GivesOneStep ? null : mask);
        _buffers.Return(buffers);
    }

    private static void Reverse(Sequence<T> from, Sequence<T> to, StepMask? mask)
    {
        to.Resize(from.Steps, from.Batch);
        from.Values.CopyTo(to.Values);
        Reverse(to.Values, to.Steps, mask);
    }

    /// <summary>Reverses the whole batch, or each sequence up to its end, after which nothing moves.</summary>
    private static void Reverse(Span<T> values, int steps, StepMask? mask)
    {
        int step = values.Length / steps;
        if (mask is null)
        {
            Reverse(values, step, step, steps);
            return;
        }

        int features = step / mask.Batch;
        for (int b = 0; b < mask.Batch; b++)
        {
            Reverse(values[(b * features)..], step, features, mask.LengthOf(b));
        }
    }

    /// <summary>Reverses columns that lie a stride apart.</summary>
    private static void Reverse(Span<T> values, int stride, int length, int count)
    {
        for (int first = 0, last = count - 1; first < last; first++, last--)
        {
            Span<T> one = values.Slice(first * stride, length);
            Span<T> other = values.Slice(last * stride, length);
            for (int n = 0; n < length; n++)
            {
                (one[n], other[n]) = (other[n], one[n]);
            }
        }
    }
}
