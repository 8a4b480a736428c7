using System.Numerics;

namespace Lstm.Layers;

/// <summary>
/// Gives the last of the steps, and that one alone: behind a recurrent layer, what it has made of the whole sequence. It
/// has nothing to train. The gradient of all other steps is zero.
/// </summary>
/// <remarks>Step by step it gives every step, as each is the last so far.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LastStepLayer<T> : Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes the layer.</summary>
    /// <param name="features">The features of the input, and of the output; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is below 1.</exception>
    public LastStepLayer(int features)
        : base(Checked(features), features)
    {
    }

    /// <summary>True.</summary>
    public override bool GivesOneStep => true;

    /// <inheritdoc/>
    protected override void ForwardCore(
        Sequence<T> input, LayerState<T>? initialState, Sequence<T> output, LayerState<T> finalState) =>
        input.Step(input.Steps - 1).CopyTo(output.Values);

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
        outputGradient.Values.CopyTo(inputGradient.Step(inputGradient.Steps - 1));
    }

    /// <inheritdoc/>
    protected internal override void InferCore(ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state) =>
        input[^output.Length..].CopyTo(output);

    private static int Checked(int features)
    {
        Guard.Positive(features);
        return features;
    }
}
