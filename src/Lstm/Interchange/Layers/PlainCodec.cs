using System.Numerics;
using System.Text.Json.Nodes;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>Layers without weights.</summary>
internal sealed class PlainCodec<T, TLayer>(string kind, Action<TLayer, JsonObject> write, Func<Settings, TLayer> read)
    : LayerCodec<T, TLayer>(kind)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLayer : Layer<T>
{
    public override Layer<T> Read(LayerReader<T> reader, Settings settings, TensorNames names) => read(settings);

    protected override void Write(TLayer layer, LayerWriter<T> writer, JsonObject settings, TensorNames names) =>
        write(layer, settings);
}
