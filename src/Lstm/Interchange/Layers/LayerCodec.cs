using System.Numerics;
using System.Text.Json.Nodes;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>How layers of one kind are written and read.</summary>
internal abstract class LayerCodec<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What the kind is called in files.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether the names of its tensors end with a level and a direction, as a recurrent layer's do.</summary>
    public virtual bool IsRecurrent => false;

    /// <summary>Whether a layer is of this kind.</summary>
    public abstract bool Takes(Layer<T> layer);

    /// <summary>Writes what the layer is, without its weights.</summary>
    public abstract void Write(Layer<T> layer, LayerWriter<T> writer, JsonObject settings, TensorNames names);

    /// <summary>
    /// Makes a layer, whose weights are then read. Its sizes must first be compared with the file by
    /// <see cref="LayerReader{T}.Require"/>, so that a false one takes no memory.
    /// </summary>
    public abstract Layer<T> Read(LayerReader<T> reader, Settings settings, TensorNames names);

    /// <summary>Its own weights, with PyTorch's names and layouts, without those of layers within it.</summary>
    public virtual IReadOnlyList<LayerTensor<T>> Tensors(Layer<T> layer) => [];

    /// <summary>Its own weights, with the names and layouts of another library, without those of layers within it.</summary>
    public abstract IReadOnlyList<LayerTensor<T>> TensorsOf(Layer<T> layer, Dialect dialect);

    /// <summary>Why a layer has no counterpart in another library; null if it has.</summary>
    public abstract string? WhyNot(Layer<T> layer, Dialect dialect);

    /// <summary>The layers within it, each with the prefix of its names.</summary>
    public abstract IEnumerable<(string Name, Layer<T> Layer)> Inner(Layer<T> layer);
}
