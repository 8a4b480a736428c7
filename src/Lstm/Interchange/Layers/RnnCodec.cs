using System.Numerics;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>PyTorch's <c>nn.RNN</c>, with two biases, the sum of which is the one here, and Keras's <c>SimpleRNN</c>.</summary>
internal sealed class RnnCodec<T>() : RecurrentCodec<T, RnnLayer<T>>(nameof(RnnLayer<>))
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string ActivationName = "activation";

    protected override int Gates => 1;

    protected override RecurrentOptions OptionsOf(RnnLayer<T> layer) => layer.Options;

    protected override RnnLayer<T> Create(int inputs, int units, OptionsReader options)
    {
        var standard = (RnnOptions)Common(options, new RnnOptions());
        return new(inputs, units, options: standard with { Activation = options.Activation(ActivationName, Activation.Tanh) });
    }

    protected override void Write(RnnLayer<T> layer, OptionsWriter options) =>
        options.Add(ActivationName, layer.Options.Activation, Activation.Tanh);

    protected override IReadOnlyList<LayerTensor<T>> Tensors(RnnLayer<T> layer) =>
        RecurrentTensors.Of(layer.InputWeights, layer.RecurrentWeights, BiasOf(layer));

    protected override IReadOnlyList<LayerTensor<T>> KerasWeights(RnnLayer<T> layer) =>
        KerasTensors.Of(layer.InputWeights, layer.RecurrentWeights, BiasOf(layer));

    protected override string? WhyNot(RnnLayer<T> layer, Dialect dialect) =>
        layer.Options.Activation == Activation.Tanh || layer.Options.Activation == Activation.Relu ? null : "it has another activation";
}
