using System.Numerics;
using System.Text.Json.Nodes;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>
/// Writes layers: their weights into a set of tensors, and what they are as JSON. A layer that comes again is written as the
/// number of the one before; a parameter is written once.
/// </summary>
internal sealed class LayerWriter<T>(TensorSet tensors)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public const string Kind = "kind";
    public const string Shared = "shared";

    /// <summary>How deep layers may lie within layers.</summary>
    public const int MostDepth = 64;

    private readonly Dictionary<Layer<T>, int> _numbers = [];
    private readonly HashSet<Parameter<T>> _written = [];
    private int _depth;

    public JsonObject Write(Layer<T> layer, TensorNames names)
    {
        if (_numbers.TryGetValue(layer, out int number))
        {
            return new JsonObject { [Shared] = number };
        }

        LayerCodec<T> codec = LayerCodecs<T>.Of(layer)
            ?? throw new NotSupportedException($"{layer} cannot be saved: it is not a layer of this library.");
        _numbers.Add(layer, _numbers.Count);
        if (_depth == MostDepth || _numbers.Count > ModelFile.MostLayers)
        {
            throw new NotSupportedException(
                $"A file has at most {ModelFile.MostLayers} layers, at most {MostDepth} of them within one another.");
        }

        _depth++;
        var settings = new JsonObject { [Kind] = codec.Kind };
        codec.Write(layer, this, settings, names);
        IReadOnlyList<LayerTensor<T>> own = [.. codec.Tensors(layer).Where(tensor => !_written.Contains(tensor.Parameter))];
        foreach (LayerTensor<T> tensor in own)
        {
            tensors.Add(names.Of(tensor.Name, tensor.IsRecurrent), tensor.Shape, tensor.ToArray());
            _written.Add(tensor.Parameter);
        }

        _depth--;
        return settings;
    }

    /// <summary>Whether a layer is recurrent and not yet written.</summary>
    public bool IsNewRecurrent(Layer<T> layer) =>
        !_numbers.ContainsKey(layer) && LayerCodecs<T>.Of(layer) is { IsRecurrent: true };

    /// <summary>The number of the embedding that has these weights; null if there is none yet.</summary>
    public int? NumberOfEmbedding(Parameter<T> weights)
    {
        foreach ((Layer<T> layer, int number) in _numbers)
        {
            if (layer is EmbeddingLayer<T> embedding && embedding.Weights == weights)
            {
                return number;
            }
        }

        return null;
    }
}
