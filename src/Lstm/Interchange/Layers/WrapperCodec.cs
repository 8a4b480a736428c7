using System.Numerics;
using System.Text.Json.Nodes;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>A layer around another, whose tensors have the names that they would have without it.</summary>
internal sealed class WrapperCodec<T, TLayer>(string kind, Func<Layer<T>, TLayer> wrap) : LayerCodec<T, TLayer>(kind)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLayer : WrapperLayer<T>
{
    private const string Name = "inner";

    public override Layer<T> Read(LayerReader<T> reader, Settings settings, TensorNames names) =>
        wrap(reader.Read(settings.Within(Name), names));

    protected override IEnumerable<(string Name, Layer<T> Layer)> Inner(TLayer layer) => [(string.Empty, layer.Inner)];

    protected override void Write(TLayer layer, LayerWriter<T> writer, JsonObject settings, TensorNames names) =>
        settings[Name] = writer.Write(layer.Inner, names);
}
