using System.Numerics;
using Lstm.Interchange.Layers;
using Lstm.Layers;

namespace Lstm.Interchange;

/// <summary>
/// Weights under the names and in the layouts of PyTorch: state dicts of <c>nn.LSTM</c>, <c>nn.GRU</c>, <c>nn.RNN</c>,
/// <c>nn.Linear</c> and <c>nn.Embedding</c>, and of modules made of them.
/// </summary>
/// <remarks>
/// A recurrent module of several levels is as many layers here, in series; one of both directions is a
/// <see cref="BidirectionalLayer{T}"/> of two. PyTorch's two biases of an LSTM are added when they are read; when they are
/// written, the second is zero. A module without biases gives biases of zero.
/// </remarks>
public static class PyTorch
{
    /// <summary>Loads the weights of a layer or network from a file: safetensors, <c>.pt</c> or <c>.npz</c>.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>, to which the weights are converted.</typeparam>
    /// <param name="layer">The layer or network. If the call fails, it is as it was.</param>
    /// <param name="path">The file.</param>
    /// <param name="options">How modules and layers are matched; the defaults if null.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="NotSupportedException">A layer has no counterpart in PyTorch; the message says why.</exception>
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

    /// <summary>Loads the weights of a layer or network from an open file: safetensors, <c>.pt</c> or <c>.npz</c>.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>, to which the weights are converted.</typeparam>
    /// <param name="layer">The layer or network. If the call fails, it is as it was.</param>
    /// <param name="file">The file.</param>
    /// <param name="options">How modules and layers are matched; the defaults if null.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="NotSupportedException">A layer has no counterpart in PyTorch; the message says why.</exception>
    /// <exception cref="ModelFormatException">
    /// The file does not fit: the message names what is missing, unexpected, or of another shape.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static void Load<T>(Layer<T> layer, TensorFile file, StateDictOptions? options = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(file);
        new ForeignLoader<T>(file, Dialect.PyTorch, options ?? new StateDictOptions()).Load(layer);
    }

    /// <summary>
    /// The weights of a layer or network as a state dict, to be written with <see cref="TensorSet.SaveSafetensors(string)"/> and
    /// loaded by PyTorch with <c>load_state_dict(strict=True)</c>.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="layer">The layer or network.</param>
    /// <param name="modules">
    /// The names of the modules, one for each layer with weights, or one for each stack of recurrent layers of one kind and
    /// size, whose levels they become. The empty text gives names without a prefix. If none is given, a layer's name is its
    /// number in the network, as in <c>nn.Sequential</c>; a layer alone has none.
    /// </param>
    /// <returns>The tensors, which are copies.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The number of names is neither of the two.</exception>
    /// <exception cref="NotSupportedException">A layer has no counterpart in PyTorch; the message says why.</exception>
    public static TensorSet StateDict<T>(Layer<T> layer, params IReadOnlyList<string> modules)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(modules);
        TensorSet tensors = ForeignExport<T>.Write(layer, Dialect.PyTorch, modules);
        tensors.Metadata["format"] = "pt";
        return tensors;
    }
}
