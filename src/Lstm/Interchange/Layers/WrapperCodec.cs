using System.Numerics;
using System.Text.Json.Nodes;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>A layer around another, whose tensors have the names that they would have without it.</summary>
internal sealed class WrapperCodec<T, TLayer>(string kind, Func<Layer<T>, TLayer> wrap) : LayerCodec<T, TLayer>(kind)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLayer : WrapperLayer<T>
{
    private const string Inner = "inner";

    public override Layer<T> Read(LayerReader<T> reader, Settings settings, TensorNames names) =>
        wrap(reader.Read(settings.Within(Inner), names));

    protected override void Write(TLayer layer, LayerWriter<T> writer, JsonObject settings, TensorNames names) =>
        settings[Inner] = writer.Write(layer.Inner, names);
}
