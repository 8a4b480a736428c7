using System.Numerics;
using System.Text.Json.Nodes;
using Lstm.Models;

namespace Lstm.Interchange.Layers;

/// <summary>Layers in series; the number of each stands before the names of its tensors, as in <c>nn.Sequential</c>.</summary>
internal sealed class NetworkCodec<T>() : LayerCodec<T, Network<T>>(nameof(Network<>))
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string Layers = "layers";

    public override Lstm.Layers.Layer<T> Read(LayerReader<T> reader, Settings settings, TensorNames names) => new Network<T>(
        [.. settings.ListWithin(Layers).Select((layer, n) => reader.Read(layer, names.Within($"{n}")))]);

    protected override IEnumerable<(string Name, Lstm.Layers.Layer<T> Layer)> Inner(Network<T> layer) =>
        layer.Layers.Select((inner, n) => ($"{n}", inner));

    protected override void Write(Network<T> layer, LayerWriter<T> writer, JsonObject settings, TensorNames names) =>
        settings[Layers] = new JsonArray(
            [.. layer.Layers.Select((inner, n) => writer.Write(inner, names.Within($"{n}")))]);
}
