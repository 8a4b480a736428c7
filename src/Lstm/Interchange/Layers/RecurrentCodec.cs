using System.Numerics;
using System.Text.Json.Nodes;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>A layer whose state is its output, with names of PyTorch's kind.</summary>
internal abstract class RecurrentCodec<T, TLayer>(string kind) : LayerCodec<T, TLayer>(kind)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLayer : RecurrentLayer<T>
{
    private const string Inputs = "inputs";
    private const string HiddenUnits = "hiddenUnits";
    private const string Options = "options";
    private const string MaskSeed = "maskSeed";
    private const string UseBias = "useBias";
    private const string InputDropout = "inputDropout";
    private const string RecurrentDropout = "recurrentDropout";
    private const string LookBack = "lookBack";

    public override bool IsRecurrent => true;

    /// <summary>The blocks of H in the rows of the weights.</summary>
    protected abstract int Gates { get; }

    public override Layer<T> Read(LayerReader<T> reader, Settings settings, TensorNames names)
    {
        (int inputs, int units) = (settings.WholeNumber(Inputs), settings.WholeNumber(HiddenUnits));
        reader.Require(names.Of(RecurrentTensors.InputWeights, true), (long)Gates * units, inputs);
        reader.Require(names.Of(RecurrentTensors.RecurrentWeights, true), (long)Gates * units, units);
        var options = new OptionsReader(settings.Within(Options));
        TLayer layer = Create(inputs, units, options);
        layer.MaskSeed = OptionsOf(layer).IsRandom ? settings.Seed(MaskSeed) : 0;
        return layer;
    }

    /// <summary>The options of a layer.</summary>
    protected abstract RecurrentOptions OptionsOf(TLayer layer);

    /// <summary>Makes a layer of given options.</summary>
    protected abstract TLayer Create(int inputs, int units, OptionsReader options);

    /// <summary>Writes the options that layers of this kind alone have.</summary>
    protected abstract void Write(TLayer layer, OptionsWriter options);

    protected override void Write(TLayer layer, LayerWriter<T> writer, JsonObject settings, TensorNames names)
    {
        RecurrentOptions options = OptionsOf(layer);
        settings[Inputs] = layer.Inputs;
        settings[HiddenUnits] = layer.HiddenUnits;
        var json = new OptionsWriter();
        json.Add(UseBias, options.UseBias, true);
        json.Add(InputDropout, options.InputDropout, 0);
        json.Add(RecurrentDropout, options.RecurrentDropout, 0);
        json.Add(LookBack, options.LookBack);
        Write(layer, json);
        settings[Options] = json.Json;
        if (options.IsRandom)
        {
            settings[MaskSeed] = layer.MaskSeed;
        }
    }

    /// <summary>The options that all kinds have, with weights of zeros, which are read later.</summary>
    protected static RecurrentOptions Common(OptionsReader reader, RecurrentOptions standard) => standard with
    {
        InputInitializer = Initializer.Zeros,
        RecurrentInitializer = Initializer.Zeros,
        UseBias = reader.Flag(UseBias, true),
        InputDropout = reader.Number(InputDropout, 0),
        RecurrentDropout = reader.Number(RecurrentDropout, 0),
        LookBack = reader.WholeNumberOrNone(LookBack),
    };

    /// <summary>The bias, if there is one.</summary>
    protected Parameter<T>? BiasOf(TLayer layer) => OptionsOf(layer).UseBias ? layer.Bias : null;
}
