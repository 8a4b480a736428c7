using System.Numerics;
using System.Text.Json.Nodes;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>
/// PyTorch's <c>nn.LSTM</c>: <c>weight_ih</c> 4H × I and <c>weight_hh</c> 4H × H, rows i, f, g, o as here, and two biases of
/// 4H, the sum of which is the one here.
/// </summary>
internal sealed class LstmCodec<T>() : LayerCodec<T, LstmLayer<T>>(nameof(LstmLayer<>))
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string Inputs = "inputs";
    private const string HiddenUnits = "hiddenUnits";

    public override bool IsRecurrent => true;

    public override Layer<T> Read(LayerReader<T> reader, Settings settings, TensorNames names)
    {
        (int inputs, int units) = (settings.WholeNumber(Inputs), settings.WholeNumber(HiddenUnits));
        reader.Require(names.Of(RecurrentTensors.InputWeights, true), 4L * units, inputs);
        reader.Require(names.Of(RecurrentTensors.RecurrentWeights, true), 4L * units, units);
        var options = new LstmOptions { InputInitializer = Initializer.Zeros, RecurrentInitializer = Initializer.Zeros };
        return new LstmLayer<T>(inputs, units, options: options);
    }

    protected override IReadOnlyList<LayerTensor<T>> Tensors(LstmLayer<T> layer) =>
        RecurrentTensors.Of(layer.InputWeights, layer.RecurrentWeights, layer.Bias);

    protected override void Write(LstmLayer<T> layer, LayerWriter<T> writer, JsonObject settings, TensorNames names)
    {
        settings[Inputs] = layer.Inputs;
        settings[HiddenUnits] = layer.HiddenUnits;
    }
}
