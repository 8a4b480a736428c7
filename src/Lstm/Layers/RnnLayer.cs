using System.Numerics;
using Lstm.Kernels;

namespace Lstm.Layers;

/// <summary>
/// A plain recurrent layer (Elman 1990). At each step t, for each sequence:
/// <code>
/// hₜ = f(W xₜ + U hₜ₋₁ + b)
/// </code>
/// The output of a step is hₜ. f is tanh, or another <see cref="RnnOptions.Activation"/>. PyTorch's <c>nn.RNN</c>, with the sum
/// of its two biases, and Keras's <c>SimpleRNN</c>.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class RnnLayer<T> : RecurrentLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes a layer with weights drawn from a seed.</summary>
    /// <param name="inputs">I, the features of the input; at least 1.</param>
    /// <param name="hiddenUnits">H, the hidden units; at least 1.</param>
    /// <param name="seed">The weights, and the random masks of training, follow only from it and the options.</param>
    /// <param name="options">How the layer is made; the defaults if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or a matrix too large for an array.</exception>
    public RnnLayer(int inputs, int hiddenUnits, int seed = 0, RnnOptions? options = null)
        : this(inputs, hiddenUnits, new Random(seed), options)
    {
    }

    /// <summary>Makes a layer with weights drawn from a source of randomness.</summary>
    /// <param name="inputs">I, the features of the input; at least 1.</param>
    /// <param name="hiddenUnits">H, the hidden units; at least 1.</param>
    /// <param name="random">The source; it is not kept.</param>
    /// <param name="options">How the layer is made; the defaults if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or a matrix too large for an array.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="random"/> is null.</exception>
    public RnnLayer(int inputs, int hiddenUnits, Random random, RnnOptions? options = null)
        : base(inputs, hiddenUnits, 1, 1, random, options ?? new RnnOptions()) => Options = options ?? new RnnOptions();

    /// <summary>How the layer was made.</summary>
    public RnnOptions Options { get; }

    internal override ActivationFunction Function => Options.Activation.Function;

    internal override RecurrentEngine<T, SimpleCellPass<T>> CreateEngine() =>
        RecurrentEngines.Create<T, SimpleCellPass<T>, ElmanCellMaker<T>>(VectorBits);
}
