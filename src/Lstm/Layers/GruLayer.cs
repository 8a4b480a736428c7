using System.Numerics;
using Lstm.Kernels;

namespace Lstm.Layers;

/// <summary>
/// A layer of gated recurrent units (Cho et al. 2014), with fused weights for its gates. At each step t, for each sequence:
/// <code>
/// r = σ(W_r xₜ + U_r hₜ₋₁ + b_r)   z = σ(W_z xₜ + U_z hₜ₋₁ + b_z)
/// n = tanh(W_n xₜ + b_n + r ⊙ (U_n hₜ₋₁ + b′))          with ResetAfter, as in PyTorch
/// n = tanh(W_n xₜ + b_n + U_n (r ⊙ hₜ₋₁))               without, as Cho et al. had it
/// hₜ = (1 − z) ⊙ n + z ⊙ hₜ₋₁
/// </code>
/// The output of a step is hₜ. All weights are in blocks of H rows, for r, z and n, as PyTorch's; Keras has z, r, n. The bias
/// has b′ as a fourth block if the reset gate comes after the product: with PyTorch's two biases the blocks are
/// <c>b_ir + b_hr</c>, <c>b_iz + b_hz</c>, <c>b_in</c> and <c>b_hn</c>.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GruLayer<T> : RecurrentLayer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes a layer with weights drawn from a seed.</summary>
    /// <param name="inputs">I, the features of the input; at least 1.</param>
    /// <param name="hiddenUnits">H, the hidden units; at least 1.</param>
    /// <param name="seed">The weights, and the random masks of training, follow only from it and the options.</param>
    /// <param name="options">How the layer is made; the defaults if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or a matrix too large for an array.</exception>
    /// <exception cref="ArgumentException">The options do not go together; the message says why.</exception>
    public GruLayer(int inputs, int hiddenUnits, int seed = 0, GruOptions? options = null)
        : this(inputs, hiddenUnits, new Random(seed), options)
    {
    }

    /// <summary>Makes a layer with weights drawn from a source of randomness.</summary>
    /// <param name="inputs">I, the features of the input; at least 1.</param>
    /// <param name="hiddenUnits">H, the hidden units; at least 1.</param>
    /// <param name="random">The source; it is not kept.</param>
    /// <param name="options">How the layer is made; the defaults if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or a matrix too large for an array.</exception>
    /// <exception cref="ArgumentException">The options do not go together; the message says why.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="random"/> is null.</exception>
    public GruLayer(int inputs, int hiddenUnits, Random random, GruOptions? options = null)
        : base(inputs, hiddenUnits, 3, Checked(options).ResetAfter ? 4 : 3, random, options ?? new GruOptions()) =>
        Options = options ?? new GruOptions();

    /// <summary>How the layer was made.</summary>
    public GruOptions Options { get; }

    internal override RecurrentEngine<T, SimpleCellPass<T>> CreateEngine() => Options.ResetAfter
        ? RecurrentEngines.Create<T, SimpleCellPass<T>, GruCellMaker<T>>(VectorBits)
        : RecurrentEngines.Create<T, SimpleCellPass<T>, OriginalGruCellMaker<T>>(VectorBits);

    private static GruOptions Checked(GruOptions? options)
    {
        options ??= new GruOptions();
        if (!options.ResetAfter && options.RecurrentDropout > 0)
        {
            throw new ArgumentException(
                $"{nameof(GruOptions.RecurrentDropout)} needs {nameof(GruOptions.ResetAfter)}: without it, what goes into U_n is not h but r ⊙ h.",
                nameof(options));
        }

        return options;
    }
}
