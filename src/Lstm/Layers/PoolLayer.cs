using System.Numerics;
using System.Numerics.Tensors;

namespace Lstm.Layers;

/// <summary>
/// Gives a single step, the mean or the maximum of the valid ones: after a recurrent layer, another summary of the whole
/// sequence than its <see cref="LastStepLayer{T}">last step</see>. It has nothing to train.
/// </summary>
/// <remarks>
/// <para>Of a sequence without a valid step the output is zero.</para>
/// <para>
/// Its state is the sum, or the maximum, of the steps so far and their number. Step by step the layer therefore gives the
/// mean or the maximum so far, and a sequence may come in chunks.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class PoolLayer<T> : Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>A count is a whole number: below this there was no step.</summary>
    private static readonly T Half = T.CreateTruncating(0.5);

    // Of the latest forward pass: the number of steps of each sequence, and for each maximum the column that it is from.
    private T[] _counts = [];
    private int[] _from = [];

    /// <summary>Makes the layer.</summary>
    /// <param name="features">The features of the input, and of the output; at least 1.</param>
    /// <param name="pooling">What is computed from the steps; their mean by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The number is below 1, or <paramref name="pooling"/> is not one of the enumeration.
    /// </exception>
    public PoolLayer(int features, Pooling pooling = Pooling.Mean)
        : base(Guard.Positive(features), features) => Pooling = Guard.Defined(pooling);

    /// <summary>What is made of the steps.</summary>
    public Pooling Pooling { get; }

    /// <summary>True.</summary>
    public override bool GivesOneStep => true;

    /// <inheritdoc/>
    public override MaskSupport MaskSupport => MaskSupport.Full;

    /// <summary>Makes a state in which there was no step yet.</summary>
    /// <param name="batch">B, the number of sequences; at least 1.</param>
    /// <returns>
    /// The <c>Total</c> (sum or maximum), features × B, and the <c>Count</c> of steps, 1 × B. It belongs to the caller.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batch"/> is below 1.</exception>
    public override LayerState<T> CreateState(int batch)
    {
        Guard.Size(Inputs, batch);
        return new LayerState<T>(batch, new StatePart<T>("Total", Inputs, batch), new StatePart<T>("Count", 1, batch));
    }

    /// <summary>Says what the layer is: its kind, sizes and pooling.</summary>
    /// <returns>For example <c>PoolLayer&lt;Single&gt; 64 → 64, 0 parameters, mean</c>.</returns>
    public override string ToString() => $"{base.ToString()}, {(Pooling == Pooling.Mean ? "mean" : "maximum")}";

    /// <inheritdoc/>
    protected override void ForwardCore(
        Sequence<T> input, LayerState<T>? initialState, Sequence<T> output, LayerState<T> finalState)
    {
        if (initialState is null)
        {
            finalState.Reset();
        }
        else
        {
            finalState.CopyFrom(initialState);
        }

        int states = input.Batch * Inputs;
        if (_from.Length < states)
        {
            (_from, _counts) = (new int[states], new T[states]);
        }

        _from.AsSpan(0, states).Fill(-1);
        Pool(input.Values, output.Values, input.Gaps, finalState, _from);
        finalState.Parts[1].Values.CopyTo(_counts);
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
        initialStateGradient.Reset();
        if (finalStateGradient is not null)
        {
            initialStateGradient.CopyFrom(finalStateGradient);
        }

        for (int b = 0; b < input.Batch; b++)
        {
            T count = _counts[b];
            if (count > Half)
            {
                Span<T> total = Column(initialStateGradient.Parts[0].Values, b);
                Span<T> gradient = outputGradient.At(0, b);
                T share = Pooling == Pooling.Mean ? T.One / count : T.One;
                TensorPrimitives.MultiplyAdd(gradient, share, total, total);
                if (Pooling == Pooling.Mean)
                {
                    // y = S / n: ∂y/∂n = −y / n.
                    initialStateGradient.Parts[1].Values[b] -= share * TensorPrimitives.Dot<T>(gradient, output.At(0, b));
                }
            }
        }

        Spread(initialStateGradient.Parts[0].Values, input, inputGradient);
    }

    /// <inheritdoc/>
    protected internal override void InferCore(
        ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state, StepMask? mask) =>
        Pool(input, output, mask, state, []);

    private Span<T> Column(Span<T> values, int column) => values.Slice(column * Inputs, Inputs);

    /// <summary>Takes all valid steps into the state, and the output from it.</summary>
    private void Pool(ReadOnlySpan<T> input, Span<T> output, StepMask? mask, LayerState<T> state, Span<int> from)
    {
        Span<T> totals = state.Parts[0].Values;
        Span<T> counts = state.Parts[1].Values;
        for (int column = 0; column < input.Length / Inputs; column++)
        {
            if (mask?.Values[column] == false)
            {
                continue;
            }

            int b = column % state.Batch;
            ReadOnlySpan<T> x = input.Slice(column * Inputs, Inputs);
            Span<T> total = Column(totals, b);
            if (Pooling == Pooling.Mean)
            {
                TensorPrimitives.Add(total, x, total);
            }
            else
            {
                Raise(x, total, !(counts[b] > Half), column, from.IsEmpty ? from : from.Slice(b * Inputs, Inputs));
            }

            counts[b]++;
        }

        for (int b = 0; b < state.Batch; b++)
        {
            Span<T> y = Column(output, b);
            if (!(counts[b] > Half))
            {
                y.Clear();
            }
            else
            {
                TensorPrimitives.Divide(Column(totals, b), Pooling == Pooling.Mean ? counts[b] : T.One, y);
            }
        }
    }

    /// <summary>Takes what is larger, or NaN, and keeps where it is from.</summary>
    private static void Raise(ReadOnlySpan<T> x, Span<T> maximum, bool isFirst, int column, Span<int> from)
    {
        for (int f = 0; f < x.Length; f++)
        {
            if (isFirst || !(x[f] <= maximum[f] || T.IsNaN(maximum[f])))
            {
                maximum[f] = x[f];
                if (!from.IsEmpty)
                {
                    from[f] = column;
                }
            }
        }
    }

    /// <summary>
    /// The gradient of the input from that of the state: to every valid step for the mean, to where the maximum is from,
    /// and then away from the initial state.
    /// </summary>
    private void Spread(Span<T> totals, Sequence<T> input, Sequence<T> inputGradient)
    {
        Span<T> gradients = inputGradient.Values;
        gradients.Clear();
        if (Pooling == Pooling.Mean)
        {
            for (int column = 0; column < gradients.Length / Inputs; column++)
            {
                if (input.Gaps?.Values[column] != false)
                {
                    Column(totals, column % input.Batch).CopyTo(Column(gradients, column));
                }
            }

            return;
        }

        for (int n = 0; n < totals.Length; n++)
        {
            if (_from[n] >= 0)
            {
                gradients[(_from[n] * Inputs) + (n % Inputs)] = totals[n];
                totals[n] = T.Zero;
            }
        }
    }
}
