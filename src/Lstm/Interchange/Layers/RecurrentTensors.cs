using System.Numerics;

namespace Lstm.Interchange.Layers;

/// <summary>The tensors that PyTorch's recurrent layers have.</summary>
internal static class RecurrentTensors
{
    public const string InputWeights = "weight_ih";
    public const string RecurrentWeights = "weight_hh";
    public const string InputBias = "bias_ih";
    public const string RecurrentBias = "bias_hh";
    public const string Projection = "weight_hr";

    /// <summary>Those of a layer with one bias, which is the sum of PyTorch's two, or with none.</summary>
    public static IReadOnlyList<LayerTensor<T>> Of<T>(
        Parameter<T> inputWeights, Parameter<T> recurrentWeights, Parameter<T>? bias)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [
            new LayerTensor<T>(InputWeights, inputWeights, TensorLayout.Rows) { IsRecurrent = true },
            new LayerTensor<T>(RecurrentWeights, recurrentWeights, TensorLayout.Rows) { IsRecurrent = true },
            .. bias is null ? Array.Empty<LayerTensor<T>>() :
            [
                new LayerTensor<T>(InputBias, bias, TensorLayout.Vector) { IsRecurrent = true },
                new LayerTensor<T>(RecurrentBias, bias, TensorLayout.Vector) { IsRecurrent = true, Added = (0, bias.Count) },
            ],
        ];
}
