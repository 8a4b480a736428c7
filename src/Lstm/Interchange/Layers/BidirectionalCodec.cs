using System.Numerics;
using System.Text.Json.Nodes;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>
/// Two layers over the same steps. If both are recurrent, the second has the names of the first with <c>_reverse</c>
/// appended; otherwise their names begin with <c>forward.</c> and <c>backward.</c>
/// </summary>
internal sealed class BidirectionalCodec<T>() : LayerCodec<T, BidirectionalLayer<T>>(nameof(BidirectionalLayer<>))
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string Forward = "forward";
    private const string Backward = "backward";
    private const string Merge = "merge";

    public override Layer<T> Read(LayerReader<T> reader, Settings settings, TensorNames names)
    {
        (Settings forward, Settings backward) = (settings.Within(Forward), settings.Within(Backward));
        var merge = settings.Choice<Merge>(Merge);
        (TensorNames first, TensorNames second) =
            Names(names, LayerReader<T>.IsRecurrent(forward) && LayerReader<T>.IsRecurrent(backward));
        Layer<T> layer = reader.Read(forward, first);
        return new BidirectionalLayer<T>(layer, reader.Read(backward, second), merge);
    }

    protected override IEnumerable<(string Name, Layer<T> Layer)> Inner(BidirectionalLayer<T> layer) =>
        [(Forward, layer.ForwardLayer), (Backward, layer.BackwardLayer)];

    protected override void Write(BidirectionalLayer<T> layer, LayerWriter<T> writer, JsonObject settings, TensorNames names)
    {
        (TensorNames first, TensorNames second) =
            Names(names, writer.IsNewRecurrent(layer.ForwardLayer) && writer.IsNewRecurrent(layer.BackwardLayer));
        settings[Merge] = layer.Merge.ToString();
        settings[Forward] = writer.Write(layer.ForwardLayer, first);
        settings[Backward] = writer.Write(layer.BackwardLayer, second);
    }

    private static (TensorNames Forward, TensorNames Backward) Names(TensorNames names, bool recurrent) => recurrent
        ? (names, names with { Reverse = true })
        : (names.Within(Forward), names.Within(Backward));
}
