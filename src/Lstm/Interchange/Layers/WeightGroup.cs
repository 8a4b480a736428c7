using System.Numerics;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>
/// The weights of one layer, or of two that run over the same steps in both directions, as another library has them together:
/// a level of a recurrent module, a linear one, an embedding.
/// </summary>
internal sealed class WeightGroup<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private WeightGroup(Layer<T> layer, string path, IReadOnlyList<(LayerTensor<T> Tensor, bool Reverse)> tensors)
    {
        (Layer, Path, Tensors) = (layer, path, tensors);
        IsRecurrent = tensors.Any(item => item.Tensor.IsRecurrent);
    }

    public Layer<T> Layer { get; }

    /// <summary>Where the layer is: its number in each network that it is within, with points between them.</summary>
    public string Path { get; }

    public IReadOnlyList<(LayerTensor<T> Tensor, bool Reverse)> Tensors { get; }

    public bool IsRecurrent { get; }

    /// <summary>The weights of a layer and of all within it, in order.</summary>
    public static IReadOnlyList<WeightGroup<T>> Of(Layer<T> layer, Dialect dialect)
    {
        var groups = new List<WeightGroup<T>>();
        Collect(layer, string.Empty, dialect, groups);
        return groups.Count > 0 ? groups : throw new NotSupportedException($"{layer} has no weights.");
    }

    /// <summary>Whether it can be the next level of a recurrent module whose level before is another group.</summary>
    public bool IsNextLevelOf(WeightGroup<T> before) => IsRecurrent && before.IsRecurrent
        && Tensors.Count == before.Tensors.Count
        && Layer.Inputs == before.Layer.Outputs
        && Tensors.Zip(before.Tensors).All(pair =>
            pair.First.Tensor.Name == pair.Second.Tensor.Name
            && (pair.First.Tensor.Name == RecurrentTensors.InputWeights
                ? pair.First.Tensor.Shape[0] == pair.Second.Tensor.Shape[0]
                : pair.First.Tensor.Shape.SequenceEqual(pair.Second.Tensor.Shape)));

    public override string ToString() =>
        $"{Layer} ({string.Join(", ", Tensors.Select(item => $"{item.Tensor.Name} {TensorInfo.Describe(item.Tensor.Shape.Select(n => (long)n))}"))})";

    private static void Collect(Layer<T> layer, string path, Dialect dialect, List<WeightGroup<T>> groups)
    {
        LayerCodec<T> codec = LayerCodecs<T>.Of(layer) ?? throw new NotSupportedException(
            $"{layer} has no counterpart in {dialect}: it is not a layer of this library.");
        if (codec.WhyNot(layer, dialect) is string reason)
        {
            throw new NotSupportedException($"{layer} has no counterpart in {dialect}: {reason}.");
        }

        if (dialect == Dialect.PyTorch && layer is BidirectionalLayer<T> both && IsRecurrentLayer(both.ForwardLayer) && IsRecurrentLayer(both.BackwardLayer))
        {
            List<WeightGroup<T>> two = [];
            Collect(both.ForwardLayer, path, dialect, two);
            Collect(both.BackwardLayer, path, dialect, two);
            groups.Add(new WeightGroup<T>(
                layer, path, [.. two[0].Tensors, .. two[1].Tensors.Select(item => (item.Tensor, true))]));
            return;
        }

        IReadOnlyList<LayerTensor<T>> own = codec.TensorsOf(layer, dialect);
        if (own.Count > 0)
        {
            groups.Add(new WeightGroup<T>(layer, path, [.. own.Select(tensor => (tensor, false))]));
        }

        foreach ((string name, Layer<T> inner) in codec.Inner(layer))
        {
            string separator = path.Length > 0 && name.Length > 0 ? "." : string.Empty;
            Collect(inner, path + separator + name, dialect, groups);
        }
    }

    private static bool IsRecurrentLayer(Layer<T> layer) => LayerCodecs<T>.Of(layer) is { IsRecurrent: true };
}
