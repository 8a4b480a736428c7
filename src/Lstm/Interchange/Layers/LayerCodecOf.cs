using System.Numerics;
using System.Text.Json.Nodes;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>How layers of one class are written and read.</summary>
internal abstract class LayerCodec<T, TLayer>(string kind) : LayerCodec<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLayer : Layer<T>
{
    public sealed override string Kind => kind;

    public sealed override bool Takes(Layer<T> layer) => layer is TLayer;

    public sealed override void Write(Layer<T> layer, LayerWriter<T> writer, JsonObject settings, TensorNames names) =>
        Write((TLayer)layer, writer, settings, names);

    public sealed override IReadOnlyList<LayerTensor<T>> Tensors(Layer<T> layer) => Tensors((TLayer)layer);

    public sealed override IReadOnlyList<LayerTensor<T>> TensorsOf(Layer<T> layer, Dialect dialect) =>
        dialect == Dialect.PyTorch ? Tensors((TLayer)layer) : KerasWeights((TLayer)layer);

    public sealed override string? WhyNot(Layer<T> layer, Dialect dialect) => WhyNot((TLayer)layer, dialect);

    public sealed override IEnumerable<(string Name, Layer<T> Layer)> Inner(Layer<T> layer) => Inner((TLayer)layer);

    protected abstract void Write(TLayer layer, LayerWriter<T> writer, JsonObject settings, TensorNames names);

    protected virtual IReadOnlyList<LayerTensor<T>> Tensors(TLayer layer) => [];

    protected virtual IReadOnlyList<LayerTensor<T>> KerasWeights(TLayer layer) => [];

    protected virtual string? WhyNot(TLayer layer, Dialect dialect) => null;

    protected virtual IEnumerable<(string Name, Layer<T> Layer)> Inner(TLayer layer) => [];
}
