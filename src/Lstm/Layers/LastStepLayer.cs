using System.Numerics;

namespace Lstm.Layers;

/// <summary>
/// Gives only the last step: after a recurrent layer, what it has made of the whole sequence. It has nothing to train.
/// The gradient of all other steps is zero.
/// </summary>
/// <remarks>
/// The last step is that at the end of each sequence, its last valid one. Of a sequence without a valid step the output
/// is zero. Step by step the layer gives every step, as each is the last so far.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LastStepLayer<T> : Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes the layer.</summary>
    /// <param name="features">The features of the input, and of the output; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public LastStepLayer(int features)
        : base(Guard.Positive(features), features)
    {
    }

    /// <inheritdoc/>
    public override MaskSupport MaskSupport => MaskSupport.Full;

    /// <summary>True.</summary>
    public override bool GivesOneStep => true;

    /// <inheritdoc/>
    protected override void ForwardCore(
        Sequence<T> input, LayerState<T>? initialState, Sequence<T> output, LayerState<T> finalState) =>
        LastOf(input.Values, output.Values, input.Gaps);

    /// <inheritdoc/>
    protected override void BackwardCore(
        Sequence<T> input,
        Sequence<T> output,
        Sequence<T> outputGradient,
        LayerState<T>? finalStateGradient,
        Sequence<T> inputGradient,
        LayerState<T> initialStateGradient)
    {
        inputGradient.Values.Clear();
        for (int b = 0; b < input.Batch; b++)
        {
            int length = input.Gaps?.LengthOf(b) ?? input.Steps;
            if (length > 0)
            {
                outputGradient.At(0, b).CopyTo(inputGradient.At(length - 1, b));
            }
        }
    }

    /// <inheritdoc/>
    protected internal override void InferCore(
        ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state, StepMask? mask) =>
        LastOf(input, output, mask);

    private void LastOf(ReadOnlySpan<T> input, Span<T> output, StepMask? mask)
    {
        if (mask is null)
        {
            input[^output.Length..].CopyTo(output);
            return;
        }

        for (int b = 0; b < mask.Batch; b++)
        {
            Span<T> last = output.Slice(b * Inputs, Inputs);
            int length = mask.LengthOf(b);
            if (length > 0)
            {
                input.Slice((((length - 1) * mask.Batch) + b) * Inputs, Inputs).CopyTo(last);
            }
            else
            {
                last.Clear();
            }
        }
    }
}
