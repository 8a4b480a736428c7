using System.Numerics;
using System.Text.Json.Nodes;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>PyTorch's <c>nn.Embedding</c>: <c>weight</c>, a row for each token.</summary>
internal sealed class EmbeddingCodec<T>() : LayerCodec<T, EmbeddingLayer<T>>(nameof(EmbeddingLayer<>))
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string Tokens = "tokens";
    private const string Outputs = "outputs";

    public override Layer<T> Read(LayerReader<T> reader, Settings settings, TensorNames names)
    {
        (int tokens, int outputs) = (settings.WholeNumber(Tokens), settings.WholeNumber(Outputs));
        reader.Require(names.Of(DenseCodec<T>.Weight, false), tokens, outputs);
        return new EmbeddingLayer<T>(tokens, outputs, initializer: Initializer.Zeros);
    }

    protected override IReadOnlyList<LayerTensor<T>> Tensors(EmbeddingLayer<T> layer) =>
        [new LayerTensor<T>(DenseCodec<T>.Weight, layer.Weights, TensorLayout.Columns)];

    protected override IReadOnlyList<LayerTensor<T>> KerasWeights(EmbeddingLayer<T> layer) =>
        [new LayerTensor<T>(KerasTensors.Embeddings, layer.Weights, TensorLayout.Columns)];

    protected override void Write(EmbeddingLayer<T> layer, LayerWriter<T> writer, JsonObject settings, TensorNames names)
    {
        settings[Tokens] = layer.Tokens;
        settings[Outputs] = layer.Outputs;
    }
}
