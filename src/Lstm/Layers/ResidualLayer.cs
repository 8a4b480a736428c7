using System.Numerics;
using System.Numerics.Tensors;

namespace Lstm.Layers;

/// <summary>
/// Adds its input to the output of a layer: <c>y = x + inner(x)</c>, the residual connection of He, Zhang, Ren and Sun
/// (2016), which lets the gradient pass a deep stack of layers. At a step that is not valid x counts as zero.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ResidualLayer<T> : WrapperLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes the layer.</summary>
    /// <param name="inner">The layer, with as many outputs as inputs, and an output for every step.</param>
    /// <exception cref="ArgumentNullException"><paramref name="inner"/> is null.</exception>
    /// <exception cref="ArgumentException">The layer's output has another shape than its input.</exception>
    public ResidualLayer(Layer<T> inner)
        : base(inner)
    {
        Guard.Shape(Inputs == Outputs, "a layer with as many outputs as inputs", $"{inner}", nameof(inner));
        Guard.Shape(!GivesOneStep, "a layer with an output for every step", $"one with a single step, {inner}", nameof(inner));
    }

    /// <inheritdoc/>
    public override MaskSupport MaskSupport => Inner.MaskSupport;

    /// <inheritdoc/>
    protected override void ForwardCore(
        Sequence<T> input, LayerState<T>? initialState, Sequence<T> output, LayerState<T> finalState)
    {
        Inner.ForwardInto(input, initialState, null, finalState).Values.CopyTo(output.Values);
        AddTo(output.Values, input.Values, input.Gaps);
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
        Inner.BackwardInto(outputGradient, finalStateGradient, inputGradient, initialStateGradient);
        AddTo(inputGradient.Values, outputGradient.Values, input.Gaps);
    }

    /// <inheritdoc/>
    protected internal override void InferCore(
        ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state, StepMask? mask)
    {
        Inner.InferInto(input, output, steps, state, mask);
        AddTo(output, input, mask);
    }

    /// <summary>Adds what counts: at steps that are not valid, nothing.</summary>
    private void AddTo(Span<T> sum, ReadOnlySpan<T> values, StepMask? mask)
    {
        if (mask is null)
        {
            TensorPrimitives.Add(sum, values, sum);
            return;
        }

        foreach (int column in mask.Columns)
        {
            Span<T> to = sum.Slice(column * Inputs, Inputs);
            TensorPrimitives.Add(to, values.Slice(column * Inputs, Inputs), to);
        }
    }
}
