using System.Buffers;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lstm.Interchange.Layers;
using Lstm.Layers;

namespace Lstm.Interchange;

/// <summary>
/// Writes a model, of one layer or several and with settings of its own, as safetensors. The weights have PyTorch's names and
/// layouts, after the name of the layer and a point. The configuration is in the metadata.
/// </summary>
/// <remarks>What layers share, a parameter or a whole layer, is written once, and is shared again when it is read.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>, as which the weights are written.</typeparam>
public sealed class ModelWriter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TensorSet _tensors = new();
    private readonly JsonObject _layers = [];
    private readonly LayerWriter<T> _writer;
    private readonly string _kind;
    private readonly int _version;

    /// <summary>Makes a writer.</summary>
    /// <param name="kind">What kind of model it is; the reader asks for the same.</param>
    /// <param name="version">
    /// The version of its settings, from 1: to be increased when older programs could no longer read them.
    /// </param>
    /// <exception cref="ArgumentException">The kind is null or blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The version is below 1.</exception>
    public ModelWriter(string kind, int version)
    {
        Guard.ElementType<T>();
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        Guard.Positive(version);
        (_kind, _version) = (kind, version);
        _writer = new LayerWriter<T>(_tensors);
    }

    /// <summary>The settings of the model, which its reader finds again.</summary>
    public JsonObject Configuration { get; } = [];

    /// <summary>Adds a layer, or a network of layers.</summary>
    /// <param name="name">What the model calls it, once only; without a point.</param>
    /// <param name="layer">The layer, of those of this library.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The name is blank, taken, or has a point in it.</exception>
    /// <exception cref="NotSupportedException">There is a layer in it that is not one of this library's.</exception>
    public void Add(string name, Layer<T> layer)
    {
        CheckName(name);
        AddLayer(name, layer, name + ".");
    }

    /// <summary>Adds numbers that are not weights of a layer: those of a scaler, say.</summary>
    /// <typeparam name="TValue"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="name">What the model calls them, once only; without a point.</param>
    /// <param name="shape">The length of each dimension; none for a single number.</param>
    /// <param name="values">The numbers, the last dimension running fastest. They are not copied.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The name is blank, taken, or has a point in it; or the shape does not fit.</exception>
    public void Add<TValue>(string name, ReadOnlySpan<int> shape, TValue[] values)
        where TValue : unmanaged, IBinaryFloatingPointIeee754<TValue>
    {
        CheckName(name);
        _tensors.Add(name, shape, values);
    }

    /// <summary>Writes the model to a file.</summary>
    /// <param name="path">The file. The old one stays as it is until the new one is written; see <see cref="AtomicFile"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        AddMetadata();
        _tensors.SaveSafetensors(path);
    }

    /// <summary>Writes the model to a stream.</summary>
    /// <param name="stream">The stream, which is left open.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void Save(Stream stream)
    {
        AddMetadata();
        _tensors.SaveSafetensors(stream);
    }

    internal void AddLayer(string name, Layer<T> layer, string prefix)
    {
        ArgumentNullException.ThrowIfNull(layer);
        _layers.Add(name, _writer.Write(layer, new TensorNames(prefix)));
    }

    private static void CheckName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Guard.Shape(!name.Contains('.', StringComparison.Ordinal), "without a point", name, nameof(name));
    }

    private void AddMetadata()
    {
        var json = new JsonObject
        {
            ["version"] = ModelFile.Version,
            ["model"] = new JsonObject { ["kind"] = _kind, ["version"] = _version },
            ["layers"] = _layers.DeepClone(),
            ["configuration"] = Configuration.DeepClone(),
        };
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteTo(writer);
        }

        _tensors.Metadata[ModelFile.Key] = Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
