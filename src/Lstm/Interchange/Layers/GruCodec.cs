using System.Numerics;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>
/// The weights are those of PyTorch's <c>nn.GRU</c>, rows r, z, n. The bias is a tensor of its own: with the reset gate after
/// the product it is not the sum of PyTorch's two, but keeps those of n apart.
/// </summary>
internal sealed class GruCodec<T>() : RecurrentCodec<T, GruLayer<T>>(nameof(GruLayer<>))
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string ResetAfter = "resetAfter";

    protected override int Gates => 3;

    protected override RecurrentOptions OptionsOf(GruLayer<T> layer) => layer.Options;

    protected override GruLayer<T> Create(int inputs, int units, OptionsReader options)
    {
        var standard = (GruOptions)Common(options, new GruOptions());
        return new(inputs, units, options: standard with { ResetAfter = options.Flag(ResetAfter, true) });
    }

    protected override void Write(GruLayer<T> layer, OptionsWriter options) =>
        options.Add(ResetAfter, layer.Options.ResetAfter, true);

    protected override IReadOnlyList<LayerTensor<T>> Tensors(GruLayer<T> layer)
    {
        IReadOnlyList<LayerTensor<T>> weights = RecurrentTensors.Of(layer.InputWeights, layer.RecurrentWeights, null);
        return BiasOf(layer) is { } bias
            ? [.. weights, new LayerTensor<T>("bias", bias, TensorLayout.Vector) { IsRecurrent = true }]
            : weights;
    }

    protected override string? WhyNot(GruLayer<T> layer, Dialect dialect) => "its gates and biases stand in another order there";
}
