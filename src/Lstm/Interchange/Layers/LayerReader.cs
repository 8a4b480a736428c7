using System.Numerics;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>Reads layers that <see cref="LayerWriter{T}"/> has written.</summary>
internal sealed class LayerReader<T>(SafetensorsFile file)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    // By number; null while what is within the layer is read.
    private readonly List<Layer<T>?> _layers = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<Parameter<T>> _loaded = [];

    public static bool IsRecurrent(Settings settings) =>
        settings.Has(LayerWriter<T>.Kind) && LayerCodecs<T>.Of(settings.Text(LayerWriter<T>.Kind)) is { IsRecurrent: true };

    public Layer<T> Read(Settings settings, TensorNames names)
    {
        if (settings.Has(LayerWriter<T>.Shared))
        {
            return Shared(settings, LayerWriter<T>.Shared);
        }

        int number = _layers.Count;
        if (number == ModelFile.MostLayers)
        {
            throw new ModelFormatException($"There are more than {ModelFile.MostLayers} layers.");
        }

        _layers.Add(null);
        LayerCodec<T> codec = LayerCodecs<T>.Of(settings.Text(LayerWriter<T>.Kind))
            ?? throw settings.Wrong(LayerWriter<T>.Kind, "a kind of layer that this library has");
        Layer<T> layer = settings.Make(() => codec.Read(this, settings, names));
        foreach (LayerTensor<T> tensor in codec.Tensors(layer).Where(tensor => !_loaded.Contains(tensor.Parameter)).ToArray())
        {
            string name = names.Of(tensor.Name, tensor.IsRecurrent);
            tensor.Load(file, name);
            _names.Add(name);
            _loaded.Add(tensor.Parameter);
        }

        _layers[number] = layer;
        return layer;
    }

    /// <summary>The embedding that has the number of a setting.</summary>
    public EmbeddingLayer<T> Embedding(Settings settings, string name) =>
        Shared(settings, name) as EmbeddingLayer<T> ?? throw settings.Wrong(name, "the number of an embedding");

    /// <summary>Refuses a tensor that is not there in this shape.</summary>
    public void Require(string name, params ReadOnlySpan<long> shape) => file.Require(name, shape);

    /// <summary>Refuses tensors that neither a layer nor the caller has read.</summary>
    public void RefuseOthers(IReadOnlySet<string> read)
    {
        if (file.Tensors.FirstOrDefault(tensor => !_names.Contains(tensor.Name) && !read.Contains(tensor.Name)) is TensorInfo other)
        {
            throw new ModelFormatException($"There is a tensor in the file that the model does not have: {other}.");
        }
    }

    private Layer<T> Shared(Settings settings, string name) =>
        _layers.ElementAtOrDefault(settings.WholeNumber(name, 0)) ?? throw settings.Wrong(name, "the number of a layer before it");
}
