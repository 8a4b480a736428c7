using System.Numerics;
using System.Text.Json.Nodes;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>
/// PyTorch's <c>nn.LSTM</c>: <c>weight_ih</c> 4H × I and <c>weight_hh</c> 4H × H, rows i, f, g, o as here, two biases of 4H, the
/// sum of which is the one here, and <c>weight_hr</c> of a projection. What PyTorch does not have has names of the same kind.
/// </summary>
internal sealed class LstmCodec<T>() : LayerCodec<T, LstmLayer<T>>(nameof(LstmLayer<>))
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string Inputs = "inputs";
    private const string HiddenUnits = "hiddenUnits";
    private const string Options = "options";
    private const string MaskSeed = "maskSeed";

    public override bool IsRecurrent => true;

    public override Layer<T> Read(LayerReader<T> reader, Settings settings, TensorNames names)
    {
        (int inputs, int units) = (settings.WholeNumber(Inputs), settings.WholeNumber(HiddenUnits));
        LstmOptions options = LstmOptionsJson.Read(settings.Within(Options));
        int outputs = options.Projection ?? units;
        reader.Require(names.Of(RecurrentTensors.InputWeights, true), (long)options.Gates * units, inputs);
        reader.Require(names.Of(RecurrentTensors.RecurrentWeights, true), (long)options.Gates * units, outputs);
        if (options.Projection is not null)
        {
            reader.Require(names.Of(RecurrentTensors.Projection, true), outputs, units);
        }

        return new LstmLayer<T>(inputs, units, options: options)
        {
            MaskSeed = options.IsRandom ? settings.Seed(MaskSeed) : 0,
        };
    }

    protected override IReadOnlyList<LayerTensor<T>> Tensors(LstmLayer<T> layer)
    {
        List<LayerTensor<T>> tensors =
            [.. RecurrentTensors.Of(layer.InputWeights, layer.RecurrentWeights, layer.Options.UseBias ? layer.Bias : null)];
        Add(RecurrentTensors.Projection, layer.Projection, TensorLayout.Rows);
        Add("weight_peephole", layer.Peepholes, TensorLayout.Vector);
        Add("weight_norm", layer.Gain, TensorLayout.Vector);
        Add("initial_h", layer.InitialHidden, TensorLayout.Vector);
        Add("initial_c", layer.InitialCell, TensorLayout.Vector);
        return tensors;

        void Add(string name, Parameter<T>? parameter, TensorLayout layout)
        {
            if (parameter is not null)
            {
                tensors.Add(new LayerTensor<T>(name, parameter, layout) { IsRecurrent = true });
            }
        }
    }

    protected override IReadOnlyList<LayerTensor<T>> KerasWeights(LstmLayer<T> layer) =>
        KerasTensors.Of(layer.InputWeights, layer.RecurrentWeights, layer.Options.UseBias ? layer.Bias : null);

    protected override string? WhyNot(LstmLayer<T> layer, Dialect dialect)
    {
        LstmOptions options = layer.Options;
        return options.Peepholes ? "it has peepholes"
            : options.CoupledGates ? "its gates are coupled"
            : options.LayerNormalization ? "it has layer normalisation"
            : options.LearnInitialState ? "its initial state is learnt"
            : options.CellClip is not null || options.GateClip is not null ? "its cell state or gates are clipped"
            : options.HiddenZoneout > 0 || options.CellZoneout > 0 ? "it has zoneout"
            : options.Projection is not null && dialect == Dialect.Keras ? "it has a projection"
            : options.GateActivation != Activation.Sigmoid || options.CandidateActivation != Activation.Tanh
                || options.OutputActivation != Activation.Tanh ? "it has other activations"
            : null;
    }

    protected override void Write(LstmLayer<T> layer, LayerWriter<T> writer, JsonObject settings, TensorNames names)
    {
        settings[Inputs] = layer.Inputs;
        settings[HiddenUnits] = layer.HiddenUnits;
        settings[Options] = LstmOptionsJson.Write(layer.Options);
        if (layer.Options.IsRandom)
        {
            settings[MaskSeed] = layer.MaskSeed;
        }
    }
}
