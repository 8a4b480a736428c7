using System.Numerics;
using Lstm.Layers;

namespace Lstm.Interchange;

/// <summary>
/// Saves one layer, or a network of layers, to a file, and loads it from there: its kind, its options and its weights.
/// </summary>
/// <remarks>
/// <para>
/// The file is safetensors, the weights in it have the names and layouts of PyTorch. What kind of layer each is, and its
/// options, is in the metadata. Any layer of this library can be saved, but no layers of your own.
/// </para>
/// <para>
/// What belongs to training is not in it: gradients, the state of a <see cref="StatefulLayer{T}"/>, how weights were drawn,
/// the number of threads, and how often a <see cref="DropoutLayer{T}"/> has been called.
/// </para>
/// </remarks>
public static class LayerFile
{
    private const string Kind = "Layer";
    private const int Version = 1;

    /// <summary>Saves a layer to a file.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>, as which the weights are written.</typeparam>
    /// <param name="layer">The layer.</param>
    /// <param name="path">The file. The old one stays as it is until the new one is written; see <see cref="AtomicFile"/>.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="NotSupportedException">There is a layer in it that is not one of this library's.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Save<T>(Layer<T> layer, string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Writer(layer).Save(path);

    /// <summary>Saves a layer to a stream.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>, as which the weights are written.</typeparam>
    /// <param name="layer">The layer.</param>
    /// <param name="stream">The stream, which is left open.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="NotSupportedException">There is a layer in it that is not one of this library's.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public static void Save<T>(Layer<T> layer, Stream stream)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Writer(layer).Save(stream);

    /// <summary>Loads a layer from a file.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>, to which the weights are converted.</typeparam>
    /// <param name="path">The file.</param>
    /// <returns>The layer; a <c>Network&lt;T&gt;</c>, if that is what was saved.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="ModelFormatException">The file is damaged, of a later version, or not one of a layer.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Layer<T> Load<T>(string path)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using ModelReader<T> reader = ModelReader<T>.Open(path, Kind, Version);
        return Load(reader);
    }

    /// <summary>Loads a layer from a stream.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>, to which the weights are converted.</typeparam>
    /// <param name="stream">A stream that can seek, from its beginning; all of it is the file. It is closed.</param>
    /// <returns>The layer; a <c>Network&lt;T&gt;</c>, if that is what was saved.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read or cannot seek.</exception>
    /// <exception cref="ModelFormatException">The file is damaged, of a later version, or not one of a layer.</exception>
    public static Layer<T> Load<T>(Stream stream)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        using ModelReader<T> reader = ModelReader<T>.Open(stream, Kind, Version);
        return Load(reader);
    }

    private static ModelWriter<T> Writer<T>(Layer<T> layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var writer = new ModelWriter<T>(Kind, Version);
        writer.AddLayer(Kind, layer, string.Empty);
        return writer;
    }

    private static Layer<T> Load<T>(ModelReader<T> reader)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Layer<T> layer = reader.ReadLayer<Layer<T>>(Kind, string.Empty);
        reader.Finish();
        return layer;
    }
}
