using System.Numerics;

namespace Lstm.Layers;

/// <summary>
/// Turns the index of a token, the one feature of its input, into a vector that is 1 at that index and 0 elsewhere. It
/// has nothing to train, and its input's gradient is zero.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>; both hold every index exactly that fits in memory.</typeparam>
public sealed class OneHotLayer<T> : Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes the layer.</summary>
    /// <param name="tokens">The number of different tokens, from 1 to 16,777,216 (float's exact integers).</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its range.</exception>
    public OneHotLayer(int tokens)
        : base(1, TokenInput.Count(tokens))
    {
    }

    /// <summary>Whether backward reads the output; it does not.</summary>
    public override bool NeedsOutput => false;

    /// <inheritdoc/>
    public override MaskSupport MaskSupport => MaskSupport.EachStep;

    /// <inheritdoc/>
    protected internal override void CheckValues(ReadOnlySpan<T> input, StepMask? mask) =>
        TokenInput.Check(input, mask, Outputs);

    /// <inheritdoc/>
    protected override void ForwardCore(
        Sequence<T> input, LayerState<T>? initialState, Sequence<T> output, LayerState<T> finalState) =>
        Encode(input.Values, output.Values);

    /// <inheritdoc/>
    protected override void BackwardCore(
        Sequence<T> input,
        Sequence<T> output,
        Sequence<T> outputGradient,
        LayerState<T>? finalStateGradient,
        Sequence<T> inputGradient,
        LayerState<T> initialStateGradient) =>
        inputGradient.Values.Clear();

    /// <inheritdoc/>
    protected internal override void InferCore(
        ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state, StepMask? mask) =>
        Encode(input, output);

    private void Encode(ReadOnlySpan<T> input, Span<T> output)
    {
        output.Clear();
        for (int n = 0; n < input.Length; n++)
        {
            output[(n * Outputs) + int.CreateTruncating(input[n])] = T.One;
        }
    }
}
