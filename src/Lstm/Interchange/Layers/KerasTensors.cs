using System.Numerics;

namespace Lstm.Interchange.Layers;

/// <summary>The tensors that Keras's layers have.</summary>
internal static class KerasTensors
{
    public const string Kernel = "kernel";
    public const string RecurrentKernel = "recurrent_kernel";
    public const string Bias = "bias";
    public const string Embeddings = "embeddings";

    /// <summary>Those of a recurrent layer with one bias, or none.</summary>
    public static IReadOnlyList<LayerTensor<T>> Of<T>(
        Parameter<T> inputWeights, Parameter<T> recurrentWeights, Parameter<T>? bias)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [
            new LayerTensor<T>(Kernel, inputWeights, TensorLayout.Columns),
            new LayerTensor<T>(RecurrentKernel, recurrentWeights, TensorLayout.Columns),
            .. bias is null ? Array.Empty<LayerTensor<T>>() : [new LayerTensor<T>(Bias, bias, TensorLayout.Vector)],
        ];
}
