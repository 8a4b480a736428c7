using System.Numerics;
using Lstm.Kernels;

namespace Lstm.Layers;

/// <summary>
/// A fully connected layer over every step: <c>y = W x + b</c>, with W of outputs × inputs. It has no memory.
/// </summary>
/// <remarks>
/// W may be the transpose of an embedding's weights: <c>y = Eᵀ x + b</c> gives a token the score of its own vector (Press
/// and Wolf 2017, "Using the output embedding to improve language models"). The two layers then share one parameter, to
/// whose gradient both add. A network of both has it once.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class DenseLayer<T> : Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly DenseEngine<T> _training = DenseEngine<T>.Create();
    private readonly Pool<DenseEngine<T>> _inference;

    /// <summary>Makes a layer with weights drawn from a seed and a bias of zeros.</summary>
    /// <param name="inputs">The features of the input; at least 1.</param>
    /// <param name="outputs">The features of the output; at least 1.</param>
    /// <param name="seed">The weights follow only from it and the initializer.</param>
    /// <param name="initializer">How the weights are drawn; Glorot uniform if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    public DenseLayer(int inputs, int outputs, int seed = 0, Initializer? initializer = null)
        : this(inputs, outputs, new Random(seed), initializer)
    {
    }

    /// <summary>Makes a layer with weights drawn from a source of randomness and a bias of zeros.</summary>
    /// <param name="inputs">The features of the input; at least 1.</param>
    /// <param name="outputs">The features of the output; at least 1.</param>
    /// <param name="random">The source; it is not kept.</param>
    /// <param name="initializer">How the weights are drawn; Glorot uniform if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="random"/> is null.</exception>
    public DenseLayer(int inputs, int outputs, Random random, Initializer? initializer = null)
        : base(inputs, outputs, CreateParameters(inputs, outputs))
    {
        ArgumentNullException.ThrowIfNull(random);
        _inference = new(_training.Sibling);
        (initializer ?? Initializer.GlorotUniform).Fill(Weights, outputs, random);
    }

    /// <summary>Makes an output layer for tokens whose weights are those of an embedding, and a bias of zeros.</summary>
    /// <param name="embedding">
    /// The embedding, whose <see cref="Layer{T}.Outputs"/> are this layer's inputs, and whose tokens are its outputs.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="embedding"/> is null.</exception>
    public DenseLayer(EmbeddingLayer<T> embedding)
        : base(Guard.NotNull(embedding).Outputs, embedding.Tokens, [embedding.Weights, CreateBias(embedding.Tokens)])
    {
        _inference = new(_training.Sibling);
        IsTied = true;
    }

    /// <summary>
    /// Whether <see cref="Weights"/> are those of an embedding, <c>E = Wᵀ</c>, and not the layer's own.
    /// </summary>
    public bool IsTied { get; }

    /// <summary>W, outputs × inputs; or an embedding's, inputs × outputs, if <see cref="IsTied"/>.</summary>
    public Parameter<T> Weights => Parameters[0];

    /// <summary>b, outputs × 1. It has no weight decay.</summary>
    public Parameter<T> Bias => Parameters[1];

    /// <summary>Whether backward reads the output; it does not.</summary>
    public override bool NeedsOutput => false;

    /// <inheritdoc/>
    public override MaskSupport MaskSupport => MaskSupport.EachStep;

    /// <inheritdoc/>
    protected override void ForwardCore(
        Sequence<T> input, LayerState<T>? initialState, Sequence<T> output, LayerState<T> finalState) =>
        Multiply(_training, input.Values, output.Values, input.Steps * input.Batch, version: 0);

    /// <inheritdoc/>
    protected override unsafe void BackwardCore(
        Sequence<T> input,
        Sequence<T> output,
        Sequence<T> outputGradient,
        LayerState<T>? finalStateGradient,
        Sequence<T> inputGradient,
        LayerState<T> initialStateGradient)
    {
        fixed (T* w = Weights.ReadOnlyValues, dw = Weights.Gradients, db = Bias.Gradients)
        fixed (T* x = input.Values, dx = inputGradient.Values, dy = outputGradient.Values)
        {
            DensePass<T> pass = Pass(input.Steps * input.Batch, w, null, x, null);
            _training.Backward(pass, new DenseGradients<T> { Output = dy, Input = dx, Weights = dw, Bias = db }, Threads);
        }
    }

    /// <inheritdoc/>
    protected internal override void InferCore(
        ReadOnlySpan<T> input, Span<T> output, int steps, LayerState<T> state, StepMask? mask)
    {
        DenseEngine<T> engine = _inference.Rent();
        Multiply(engine, input, output, steps * state.Batch, Weights.Version);
        _inference.Return(engine);
    }

    private static Parameter<T>[] CreateParameters(int inputs, int outputs)
    {
        Guard.Positive(inputs);
        Guard.Positive(outputs);
        return [new Parameter<T>(nameof(Weights), outputs, inputs), CreateBias(outputs)];
    }

    private static Parameter<T> CreateBias(int outputs) => new(nameof(Bias), outputs, 1, decays: false);

    private unsafe void Multiply(DenseEngine<T> engine, ReadOnlySpan<T> input, Span<T> output, int columns, long version)
    {
        fixed (T* w = Weights.ReadOnlyValues, b = Bias.ReadOnlyValues, x = input, y = output)
        {
            engine.Forward(Pass(columns, w, b, x, y) with { WeightsVersion = version }, Threads);
        }
    }

    private unsafe DensePass<T> Pass(int columns, T* w, T* b, T* x, T* y) => new()
    {
        Columns = columns,
        Inputs = Inputs,
        Outputs = Outputs,
        Weights = w,
        Transposed = IsTied,
        Bias = b,
        Input = x,
        Output = y,
    };
}
