using System.Numerics;
using System.Numerics.Tensors;

namespace Lstm.Layers;

/// <summary>
/// Turns the index of a token, the one feature of its input, into a vector that is trained: the token's column of
/// <see cref="Weights"/>. It computes what an <see cref="OneHotLayer{T}"/> and a <see cref="DenseLayer{T}"/> with a bias of
/// zero compute, without their multiplications by zero. Its input's gradient is zero.
/// </summary>
/// <remarks>
/// A backward pass costs in proportion to the tokens of the input, not to the vocabulary: it reads and adds to the columns
/// of the tokens that occur, one occurrence after the other, step by step and sequence by sequence. The gradient is a whole
/// matrix all the same, but where it has been added to is known: <see cref="Layer{T}.ZeroGradient"/>, clipping, and gradient
/// descent without momentum and decay go through that part alone, and come to the same numbers. What changes a weight whose
/// gradient is zero (momentum, decay, Adam) goes through all. <see cref="Parameter{T}.Gradients"/>, once asked for, counts as
/// written to until it is cleared, and <see cref="Parameter{T}.Gradient"/> from then on.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>; both hold every index exactly.</typeparam>
public sealed class EmbeddingLayer<T> : Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes a layer with weights drawn from a seed.</summary>
    /// <param name="tokens">V, the number of different tokens, from 1 to 16,777,216 (float's exact integers).</param>
    /// <param name="outputs">D, the numbers that stand for a token; at least 1.</param>
    /// <param name="seed">The weights follow only from it and the initializer.</param>
    /// <param name="initializer">How the weights are drawn; U(−0.05, 0.05), Keras's default, if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range, or D·V is more than an array can hold.</exception>
    public EmbeddingLayer(int tokens, int outputs, int seed = 0, Initializer? initializer = null)
        : this(tokens, outputs, new Random(seed), initializer)
    {
    }

    /// <summary>Makes a layer with weights drawn from a source of randomness.</summary>
    /// <param name="tokens">V, the number of different tokens, from 1 to 16,777,216 (float's exact integers).</param>
    /// <param name="outputs">D, the numbers that stand for a token; at least 1.</param>
    /// <param name="random">The source; it is not kept.</param>
    /// <param name="initializer">How the weights are drawn; U(−0.05, 0.05), Keras's default, if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of its range, or D·V is more than an array can hold.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="random"/> is null.</exception>
    public EmbeddingLayer(int tokens, int outputs, Random random, Initializer? initializer = null)
        : base(1, outputs, CreateWeights(tokens, outputs))
    {
        ArgumentNullException.ThrowIfNull(random);
        Tokens = tokens;
        (initializer ?? Initializer.Uniform(0.05)).Fill(Weights, outputs, random);
    }

    /// <summary>V, the number of different tokens.</summary>
    public int Tokens { get; }

    /// <summary>
    /// E, D × V, a column for each token: in memory what PyTorch's <c>nn.Embedding.weight</c> and Keras's <c>embeddings</c>
    /// are, V × D row by row.
    /// </summary>
    public Parameter<T> Weights => Parameters[0];

    /// <summary>Whether backward reads the output; it does not.</summary>
    public override bool NeedsOutput => false;

    /// <inheritdoc/>
    public override MaskSupport MaskSupport => MaskSupport.EachStep;

    /// <inheritdoc/>
    protected internal override void CheckValues(ReadOnlySpan<T> input, StepMask? mask) =>
        TokenInput.Check(input, mask, Tokens);

    /// <inheritdoc/>
    protected override void ForwardCore(
        Sequence<T> input, LayerState<T>? initialState, Sequence<T> output, LayerState<T> finalState) =>
        LookUp(input.Values, output.Values);

    /// <inheritdoc/>
    protected override void BackwardCore(
        Sequence<T> input,
        Sequence<T> output,
        Sequence<T> outputGradient,
        LayerState<T>? finalStateGradient,
        Sequence<T> inputGradient,
        LayerState<T> initialStateGradient)
    {
        ReadOnlySpan<T> tokens = input.Values;
        for (int n = 0; n < tokens.Length; n++)
        {
            Span<T> column = Weights.TouchGradients(Start(tokens[n]), Outputs);
            TensorPrimitives.Add(column, outputGradient.Values.Slice(n * Outputs, Outputs), column);
        }

        inputGradient.Values.Clear();
    }

    /// <inheritdoc/>
    protected internal override void InferCore(
        ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state, StepMask? mask) =>
        LookUp(input, output);

    private static Parameter<T> CreateWeights(int tokens, int outputs)
    {
        Guard.Size(outputs, TokenInput.Count(tokens));
        return new Parameter<T>(nameof(Weights), outputs, tokens);
    }

    private void LookUp(ReadOnlySpan<T> tokens, Span<T> output)
    {
        ReadOnlySpan<T> weights = Weights.ReadOnlyValues;
        for (int n = 0; n < tokens.Length; n++)
        {
            weights.Slice(Start(tokens[n]), Outputs).CopyTo(output.Slice(n * Outputs));
        }
    }

    /// <summary>Where the column of a token begins.</summary>
    private int Start(T token) => int.CreateTruncating(token) * Outputs;
}
