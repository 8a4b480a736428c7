using Lstm.Layers;

namespace Lstm.Tests.Support;

/// <summary>A layer that is never given a state, so that what it starts from by itself is part of the function.</summary>
internal sealed class StartedAlone(Layer<double> inner) : Layer<double>(inner.Inputs, inner.Outputs, inner.Parameters)
{
    public override MaskSupport MaskSupport => MaskSupport.Full;

    protected override void ForwardCore(
        Sequence<double> input, LayerState<double>? initialState, Sequence<double> output, LayerState<double> finalState) =>
        inner.Forward(input).Values.CopyTo(output.Values);

    protected override void BackwardCore(
        Sequence<double> input,
        Sequence<double> output,
        Sequence<double> outputGradient,
        LayerState<double>? finalStateGradient,
        Sequence<double> inputGradient,
        LayerState<double> initialStateGradient) => inner.Backward(outputGradient).Values.CopyTo(inputGradient.Values);

    protected internal override void InferCore(
        ReadOnlySpan<double> input, Span<double> output, int steps, LayerState<double> state, StepMask? mask) =>
        throw new InvalidOperationException("Only training is tested with it.");
}
