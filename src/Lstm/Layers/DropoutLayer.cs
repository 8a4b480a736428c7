using System.Numerics;
using System.Numerics.Tensors;

namespace Lstm.Layers;

/// <summary>
/// Dropout (Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov 2014), inverted: in training each number is 0 with
/// the probability <see cref="Rate"/>, and <c>1 / (1 − Rate)</c> times itself otherwise, so that its mean stays. Inference
/// passes all numbers on as they are. There is nothing to train.
/// </summary>
/// <remarks>
/// Whether element n of a pass is dropped follows from the seed, the number of the pass
/// (<see cref="StochasticLayer{T}.Call"/>) and n alone, for <see cref="float"/> and <see cref="double"/> alike; of an input
/// with a mask only the valid steps are counted. Give each layer of a network a seed of its own: layers of the same seed drop
/// the same elements.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class DropoutLayer<T> : StochasticLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ulong _firstKept;
    private readonly T _scale;

    // What the latest forward pass multiplied its input by.
    private T[] _mask = [];

    /// <summary>Makes the layer.</summary>
    /// <param name="features">The features of the input and of the output; at least 1.</param>
    /// <param name="rate">The probability that a number is dropped; at least 0, where nothing is, and below 1.</param>
    /// <param name="seed">What is dropped follows from it and the number of the pass.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of features or the rate is out of its range.</exception>
    public DropoutLayer(int features, double rate, int seed = 0)
        : base(Guard.Positive(features), features)
    {
        Guard.Rate(rate);
        Rate = rate;
        Seed = seed;

        // Of 2⁶⁴ possible bits, the lowest are dropped.
        _firstKept = (ulong)Math.ScaleB(rate, 64);
        _scale = T.CreateTruncating(1 / (1 - rate));
    }

    /// <summary>The probability that a number is dropped.</summary>
    public double Rate { get; }

    /// <summary>What is dropped follows from it and <see cref="StochasticLayer{T}.Call"/>.</summary>
    public int Seed { get; }

    /// <summary>Whether backward reads the output; it does not.</summary>
    public override bool NeedsOutput => false;

    /// <inheritdoc/>
    public override MaskSupport MaskSupport => MaskSupport.EachStep;

    /// <summary>Says what the layer is: its kind, sizes and rate.</summary>
    /// <returns>For example <c>DropoutLayer&lt;Single&gt; 64 → 64, 0 parameters, rate 0.2</c>.</returns>
    public override string ToString() => FormattableString.Invariant($"{base.ToString()}, rate {Rate}");

    /// <inheritdoc/>
    protected override void ForwardCore(
        Sequence<T> input, LayerState<T>? initialState, Sequence<T> output, LayerState<T> finalState)
    {
        int length = input.Values.Length;
        if (_mask.Length < length)
        {
            _mask = GC.AllocateUninitializedArray<T>(length);
        }

        Span<T> mask = _mask.AsSpan(0, length);
        Fill(mask);
        TensorPrimitives.Multiply(input.Values, mask, output.Values);
        CountCall();
    }

    /// <inheritdoc/>
    protected override void BackwardCore(
        Sequence<T> input,
        Sequence<T> output,
        Sequence<T> outputGradient,
        LayerState<T>? finalStateGradient,
        Sequence<T> inputGradient,
        LayerState<T> initialStateGradient) =>
        TensorPrimitives.Multiply(outputGradient.Values, _mask.AsSpan(0, outputGradient.Values.Length), inputGradient.Values);

    /// <inheritdoc/>
    protected internal override void InferCore(
        ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state, StepMask? mask) =>
        input.CopyTo(output);

    /// <summary>Draws the mask of the present call, a generator of its own among those of the seed.</summary>
    private void Fill(Span<T> mask)
    {
        ulong call = SplitMix64.At((ulong)Seed, (ulong)Call);

        // Indexed rather than chosen by a branch, which would be foretold wrongly as often as not.
        ReadOnlySpan<T> factors = [T.Zero, _scale];
        for (int n = 0; n < mask.Length; n++)
        {
            mask[n] = factors[SplitMix64.At(call, (ulong)n) >= _firstKept ? 1 : 0];
        }
    }
}
