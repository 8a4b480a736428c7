using System.Numerics;
using Lstm.Interchange.Layers;
using Lstm.Layers;

namespace Lstm.Interchange;

/// <summary>
/// Reads a model that <see cref="ModelWriter{T}"/> has written: its settings, its layers and its numbers by name.
/// </summary>
/// <remarks>
/// Make the model from what was read and not before: then a file that claims to be large takes no more memory than it is.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>, to which the weights are converted.</typeparam>
public sealed class ModelReader<T> : IDisposable
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SafetensorsFile _file;
    private readonly Settings _layers;
    private readonly LayerReader<T> _reader;
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    private ModelReader(SafetensorsFile file, Settings settings, string kind, int version)
    {
        _file = file;
        int fileVersion = settings.WholeNumber("version");
        if (fileVersion > ModelFile.Version)
        {
            throw new ModelFormatException(
                $"The file is of version {fileVersion}; this library reads up to version {ModelFile.Version}. A later one is needed.");
        }

        Settings model = settings.Within("model");
        if (model.Text("kind") != kind)
        {
            throw new ModelFormatException($"The file is one of a {model.Text("kind")}, not of a {kind}.");
        }

        Version = model.WholeNumber("version");
        if (Version > version)
        {
            throw new ModelFormatException(
                $"The file is one of a {kind} of version {Version}; up to version {version} is read. A later program is needed.");
        }

        _layers = settings.Within("layers");
        Configuration = settings.Within("configuration");
        _reader = new LayerReader<T>(file);
    }

    /// <summary>The version of the settings, from 1 to that asked for.</summary>
    public int Version { get; }

    /// <summary>The settings of the model.</summary>
    public Settings Configuration { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">What kind of model it must be.</param>
    /// <param name="version">The latest version of its settings that the caller knows.</param>
    /// <returns>The reader, to be disposed of.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ModelFormatException">The file is damaged, of another kind, or of a later version.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelReader<T> Open(string path, string kind, int version) =>
        Open(SafetensorsFile.Open(path), kind, version);

    /// <summary>Opens a stream.</summary>
    /// <param name="stream">A stream that can seek, from its beginning; all of it is the file. It is closed with the reader.</param>
    /// <param name="kind">What kind of model it must be.</param>
    /// <param name="version">The latest version of its settings that the caller knows.</param>
    /// <returns>The reader, to be disposed of.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read or cannot seek.</exception>
    /// <exception cref="ModelFormatException">The file is damaged, of another kind, or of a later version.</exception>
    public static ModelReader<T> Open(Stream stream, string kind, int version) =>
        Open(SafetensorsFile.Open(stream), kind, version);

    /// <summary>Reads a layer with all its weights.</summary>
    /// <param name="name">What the model calls it.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="InvalidOperationException">It has been read before.</exception>
    /// <exception cref="ModelFormatException">There is no such layer, or it or its weights make no sense.</exception>
    public Layer<T> Layer(string name) => Layer<Layer<T>>(name);

    /// <summary>Reads a layer of a given kind with all its weights.</summary>
    /// <typeparam name="TLayer">The kind: <c>Network&lt;float&gt;</c>, say.</typeparam>
    /// <param name="name">What the model calls it.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="InvalidOperationException">It has been read before.</exception>
    /// <exception cref="ModelFormatException">There is no such layer, it is of another kind, or its weights make no sense.</exception>
    public TLayer Layer<TLayer>(string name)
        where TLayer : Layer<T>
    {
        ArgumentNullException.ThrowIfNull(name);
        return ReadLayer<TLayer>(name, name + ".");
    }

    /// <summary>Reads numbers that are not weights of a layer.</summary>
    /// <typeparam name="TValue"><see cref="float"/> or <see cref="double"/>, to which they are converted.</typeparam>
    /// <param name="name">What the model calls them.</param>
    /// <param name="shape">The length that each dimension must have.</param>
    /// <returns>The numbers, the last dimension running fastest.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ModelFormatException">There are none of that name, or in another shape.</exception>
    public TValue[] Values<TValue>(string name, params ReadOnlySpan<int> shape)
        where TValue : unmanaged, IBinaryFloatingPointIeee754<TValue>
    {
        ArgumentNullException.ThrowIfNull(name);
        _file.Require(name, [.. shape.ToArray().Select(length => (long)length)]);
        _read.Add(name);
        return _file.Read<TValue>(name);
    }

    /// <summary>Makes something of what was read, which may find that it does not fit.</summary>
    /// <typeparam name="TResult">What is made.</typeparam>
    /// <param name="make">Makes it.</param>
    /// <returns>What was made.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="make"/> is null.</exception>
    /// <exception cref="ModelFormatException">
    /// It was refused, with an <see cref="ArgumentException"/>, an <see cref="OverflowException"/> or an
    /// <see cref="InvalidOperationException"/>.
    /// </exception>
    public TResult Make<TResult>(Func<TResult> make)
    {
        ArgumentNullException.ThrowIfNull(make);
        return Configuration.Make(make);
    }

    /// <summary>To be called when all has been read, before the model is handed out.</summary>
    /// <exception cref="ModelFormatException">There is a layer or a tensor in the file that was not read.</exception>
    public void Finish()
    {
        if (_layers.Json.FirstOrDefault(layer => !_read.Contains(layer.Key)) is { Key: not null } unread)
        {
            throw new ModelFormatException($"There is a layer '{unread.Key}' in the file that the model does not have.");
        }

        _reader.RefuseOthers(_read);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    internal TLayer ReadLayer<TLayer>(string name, string prefix)
        where TLayer : Layer<T>
    {
        Settings settings = _layers.Within(name);
        return !_read.Add(name)
            ? throw new InvalidOperationException($"The layer '{name}' has been read before.")
            : _reader.Read(settings, new TensorNames(prefix)) as TLayer
            ?? throw new ModelFormatException($"The layer '{name}' is a {settings.Text(LayerWriter<T>.Kind)}, not a {typeof(TLayer).Name.Split('`')[0]}.");
    }

    private static ModelReader<T> Open(SafetensorsFile file, string kind, int version)
    {
        SafetensorsFile? open = file;
        try
        {
            ArgumentNullException.ThrowIfNull(kind);
            byte[] configuration = file.MetadataUtf8(ModelFile.Key) ?? throw new ModelFormatException(
                $"The file has no '{ModelFile.Key}' in its metadata: it was not written by this library.");
            var reader = new ModelReader<T>(file, ModelFile.Parse(configuration, file.Length), kind, version);
            open = null;
            return reader;
        }
        finally
        {
            open?.Dispose();
        }
    }
}
