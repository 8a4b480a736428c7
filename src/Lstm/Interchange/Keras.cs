using System.Numerics;
using Lstm.Interchange.Layers;
using Lstm.Layers;

namespace Lstm.Interchange;

/// <summary>
/// Weights under the names and in the layouts of Keras: <c>kernel</c> (inputs × units), <c>recurrent_kernel</c>, <c>bias</c> and
/// <c>embeddings</c>, the gates of an LSTM in columns i, f, c, o, those of a GRU in columns z, r, h with
/// <c>reset_after=True</c> and its two biases.
/// </summary>
/// <remarks>
/// A tensor's name is its layer's path, a slash, and one of those: <c>lstm/lstm_cell/kernel</c>. Of a bidirectional layer the
/// forward layer comes before the backward one. In Python, <c>{w.path: w.numpy() for w in model.weights}</c> (Keras 3) gives
/// names to arrays as <c>numpy.savez</c> and safetensors take them.
/// </remarks>
public static class Keras
{
    /// <summary>Loads the weights of a layer or network from a file: <c>.npz</c> or safetensors.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>, to which the weights are converted.</typeparam>
    /// <param name="layer">The layer or network. If the call fails, it is as it was.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">How layers there and here are matched; the defaults if null.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="NotSupportedException">A layer has no counterpart in Keras; the message says why.</exception>
    /// <exception cref="ModelFormatException">
    /// The file cannot be read, or does not fit: the message names what is missing, unexpected, or of another shape.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static void Load<T>(Layer<T> layer, string path, StateDictOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(layer);
        using TensorFile file = TensorFile.Open(path);
        Load(layer, file, options);
    }

    /// <summary>Loads the weights of a layer or network from an open file: <c>.npz</c> or safetensors.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>, to which the weights are converted.</typeparam>
    /// <param name="layer">The layer or network. If the call fails, it is as it was.</param>
    /// <param name="file">The file.</param>
    /// <param name="options">How layers there and here are matched; the defaults if null.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="NotSupportedException">A layer has no counterpart in Keras; the message says why.</exception>
    /// <exception cref="ModelFormatException">
    /// The file does not fit: the message names what is missing, unexpected, or of another shape.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static void Load<T>(Layer<T> layer, TensorFile file, StateDictOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(file);
        new ForeignLoader<T>(file, Dialect.Keras, options ?? new StateDictOptions()).Load(layer);
    }

    /// <summary>
    /// The weights of a layer or network in Keras's layouts, to be written with <see cref="TensorSet.SaveNpz(string)"/> or
    /// <see cref="TensorSet.SaveSafetensors(string)"/>.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="layer">The layer or network.</param>
    /// <param name="modules">
    /// The names of the layers with weights, in order, two of a bidirectional one; the numbers in the network if none is given.
    /// </param>
    /// <returns>The tensors, which are copies.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">There are more or fewer names than layers with weights.</exception>
    /// <exception cref="NotSupportedException">A layer has no counterpart in Keras; the message says why.</exception>
    public static TensorSet Weights<T>(Layer<T> layer, params IReadOnlyList<string> modules)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(modules);
        return ForeignExport<T>.Write(layer, Dialect.Keras, modules);
    }
}
