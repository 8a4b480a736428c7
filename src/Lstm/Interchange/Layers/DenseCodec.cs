using System.Numerics;
using System.Text.Json.Nodes;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>
/// PyTorch's <c>nn.Linear</c>: <c>weight</c> of outputs × inputs, <c>bias</c>. Where the weights are those of an embedding in
/// the same file, the number of its layer is written instead, so that they are in the file once.
/// </summary>
internal sealed class DenseCodec<T>() : LayerCodec<T, DenseLayer<T>>(nameof(DenseLayer<>))
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public const string Weight = "weight";
    private const string Bias = "bias";
    private const string Inputs = "inputs";
    private const string Outputs = "outputs";
    private const string Tied = "tied";
    private const string Embedding = "embedding";

    public override Layer<T> Read(LayerReader<T> reader, Settings settings, TensorNames names)
    {
        if (settings.Has(Embedding))
        {
            return new DenseLayer<T>(reader.Embedding(settings, Embedding));
        }

        (int inputs, int outputs) = (settings.WholeNumber(Inputs), settings.WholeNumber(Outputs));
        reader.Require(names.Of(Weight, false), outputs, inputs);
        return settings.Flag(Tied)
            ? new DenseLayer<T>(new EmbeddingLayer<T>(outputs, inputs, initializer: Initializer.Zeros))
            : new DenseLayer<T>(inputs, outputs, initializer: Initializer.Zeros);
    }

    protected override IReadOnlyList<LayerTensor<T>> Tensors(DenseLayer<T> layer) =>
    [
        new LayerTensor<T>(Weight, layer.Weights, layer.IsTied ? TensorLayout.Columns : TensorLayout.Rows),
        new LayerTensor<T>(Bias, layer.Bias, TensorLayout.Vector),
    ];

    protected override IReadOnlyList<LayerTensor<T>> KerasWeights(DenseLayer<T> layer) =>
    [
        new LayerTensor<T>(KerasTensors.Kernel, layer.Weights, layer.IsTied ? TensorLayout.Rows : TensorLayout.Columns),
        new LayerTensor<T>(KerasTensors.Bias, layer.Bias, TensorLayout.Vector),
    ];

    protected override void Write(DenseLayer<T> layer, LayerWriter<T> writer, JsonObject settings, TensorNames names)
    {
        if (layer.IsTied && writer.NumberOfEmbedding(layer.Weights) is int embedding)
        {
            settings[Embedding] = embedding;
            return;
        }

        settings[Inputs] = layer.Inputs;
        settings[Outputs] = layer.Outputs;
        settings[Tied] = layer.IsTied;
    }
}
