using System.Numerics;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>
/// PyTorch's <c>nn.GRU</c>: rows r, z, n as here, and two biases, of which those of r and z are added and those of n are apart,
/// as the second is within the product with r. Keras has z, r, h, and both biases in one tensor.
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
        if (BiasOf(layer) is not { } bias || !layer.Options.ResetAfter)
        {
            return RecurrentTensors.Of(layer.InputWeights, layer.RecurrentWeights, BiasOf(layer));
        }

        int units = layer.HiddenUnits;
        return
        [
            .. RecurrentTensors.Of(layer.InputWeights, layer.RecurrentWeights, null),
            new LayerTensor<T>(RecurrentTensors.InputBias, bias, TensorLayout.Vector, Blocks(units, 0, 1, 2)) { IsRecurrent = true },
            new LayerTensor<T>(RecurrentTensors.RecurrentBias, bias, TensorLayout.Vector, Blocks(units, 0, 1, 3))
            {
                IsRecurrent = true,
                Added = (0, 2 * units),
            },
        ];
    }

    protected override IReadOnlyList<LayerTensor<T>> KerasWeights(GruLayer<T> layer)
    {
        int units = layer.HiddenUnits;
        int[] rows = Blocks(units, 1, 0, 2);
        List<LayerTensor<T>> tensors =
        [
            new(KerasTensors.Kernel, layer.InputWeights, TensorLayout.Columns, rows),
            new(KerasTensors.RecurrentKernel, layer.RecurrentWeights, TensorLayout.Columns, rows),
        ];
        if (BiasOf(layer) is { } bias)
        {
            tensors.Add(!layer.Options.ResetAfter
                ? new LayerTensor<T>(KerasTensors.Bias, bias, TensorLayout.Vector, rows)
                : new LayerTensor<T>(KerasTensors.Bias, bias, TensorLayout.Vector, Blocks(units, 1, 0, 2, 1, 0, 3))
                {
                    Shape = [2, 3 * units],
                    Added = (3 * units, 5 * units),
                });
        }

        return tensors;
    }

    protected override string? WhyNot(GruLayer<T> layer, Dialect dialect) =>
        dialect == Dialect.PyTorch && !layer.Options.ResetAfter ? "its reset gate comes before the product" : null;

    /// <summary>The rows of some blocks of H.</summary>
    private static int[] Blocks(int units, params int[] blocks) =>
        [.. blocks.SelectMany(block => Enumerable.Range(block * units, units))];
}
