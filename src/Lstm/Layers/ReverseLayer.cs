using System.Numerics;

namespace Lstm.Layers;

/// <summary>
/// Runs a layer over the steps in reverse: from the last to the first. The output of a step stands where the step stood,
/// so that it sums up the steps from there to the end. The initial state is that behind the last step, the final state
/// that at the first step.
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
        : base(Checked(inner))
    {
        RefuseState(inner, nameof(inner));
        _input = new Sequence<T>(1, 1, Inputs);
        _outputGradient = new Sequence<T>(1, 1, Outputs);
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
        Reverse(input, _input);
        Reverse(Inner.ForwardInto(_input, initialState, null, finalState), output);
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
        Reverse(outputGradient, _outputGradient);
        Reverse(Inner.BackwardInto(_outputGradient, finalStateGradient, null, initialStateGradient), inputGradient);
    }

    /// <inheritdoc/>
    protected internal override void InferCore(ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state)
    {
        Buffers<T> buffers = _buffers.Rent();
        Span<T> reversed = buffers.Get(0, input.Length);
        input.CopyTo(reversed);
        Reverse(reversed, steps);
        Inner.InferCore(reversed, output, steps, state);
        Reverse(output, OutputSteps(steps));
        _buffers.Return(buffers);
    }

    private static void Reverse(Sequence<T> from, Sequence<T> to)
    {
        to.Resize(from.Steps, from.Batch);
        from.Values.CopyTo(to.Values);
        Reverse(to.Values, to.Steps);
    }

    private static void Reverse(Span<T> values, int steps)
    {
        int length = values.Length / steps;
        for (int first = 0, last = steps - 1; first < last; first++, last--)
        {
            Span<T> one = values.Slice(first * length, length);
            Span<T> other = values.Slice(last * length, length);
            for (int n = 0; n < length; n++)
            {
                (one[n], other[n]) = (other[n], one[n]);
            }
        }
    }
}
