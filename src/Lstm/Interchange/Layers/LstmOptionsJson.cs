using System.Text.Json.Nodes;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>The options of an LSTM layer as JSON, those of drawing weights aside.</summary>
internal static class LstmOptionsJson
{
    private const string UseBias = "useBias";
    private const string Peepholes = "peepholes";
    private const string CoupledGates = "coupledGates";
    private const string Projection = "projection";
    private const string LayerNormalization = "layerNormalization";
    private const string NormalizationEpsilon = "normalizationEpsilon";
    private const string CellClip = "cellClip";
    private const string GateClip = "gateClip";
    private const string GateActivation = "gateActivation";
    private const string CandidateActivation = "candidateActivation";
    private const string OutputActivation = "outputActivation";
    private const string InputDropout = "inputDropout";
    private const string RecurrentDropout = "recurrentDropout";
    private const string DropoutPerGate = "dropoutPerGate";
    private const string HiddenZoneout = "hiddenZoneout";
    private const string CellZoneout = "cellZoneout";
    private const string LearnInitialState = "learnInitialState";
    private const string LookBack = "lookBack";

    private static LstmOptions Standard { get; } = new();

    public static JsonObject Write(LstmOptions options)
    {
        var writer = new OptionsWriter();
        writer.Add(UseBias, options.UseBias, Standard.UseBias);
        writer.Add(Peepholes, options.Peepholes, Standard.Peepholes);
        writer.Add(CoupledGates, options.CoupledGates, Standard.CoupledGates);
        writer.Add(Projection, options.Projection);
        writer.Add(LayerNormalization, options.LayerNormalization, Standard.LayerNormalization);
        writer.Add(NormalizationEpsilon, options.NormalizationEpsilon, Standard.NormalizationEpsilon);
        writer.Add(CellClip, options.CellClip, Standard.CellClip);
        writer.Add(GateClip, options.GateClip, Standard.GateClip);
        writer.Add(GateActivation, options.GateActivation, Standard.GateActivation);
        writer.Add(CandidateActivation, options.CandidateActivation, Standard.CandidateActivation);
        writer.Add(OutputActivation, options.OutputActivation, Standard.OutputActivation);
        writer.Add(InputDropout, options.InputDropout, Standard.InputDropout);
        writer.Add(RecurrentDropout, options.RecurrentDropout, Standard.RecurrentDropout);
        writer.Add(DropoutPerGate, options.DropoutPerGate, Standard.DropoutPerGate);
        writer.Add(HiddenZoneout, options.HiddenZoneout, Standard.HiddenZoneout);
        writer.Add(CellZoneout, options.CellZoneout, Standard.CellZoneout);
        writer.Add(LearnInitialState, options.LearnInitialState, Standard.LearnInitialState);
        writer.Add(LookBack, options.LookBack);
        return writer.Json;
    }

    /// <summary>The options, with weights of zeros, which are read later.</summary>
    public static LstmOptions Read(Settings settings)
    {
        var reader = new OptionsReader(settings);
        var options = new LstmOptions
        {
            InputInitializer = Initializer.Zeros,
            RecurrentInitializer = Initializer.Zeros,
            UseBias = reader.Flag(UseBias, Standard.UseBias),
            Peepholes = reader.Flag(Peepholes, Standard.Peepholes),
            CoupledGates = reader.Flag(CoupledGates, Standard.CoupledGates),
            Projection = reader.WholeNumberOrNone(Projection),
            LayerNormalization = reader.Flag(LayerNormalization, Standard.LayerNormalization),
            NormalizationEpsilon = reader.Number(NormalizationEpsilon, Standard.NormalizationEpsilon),
            CellClip = reader.NumberOrNone(CellClip),
            GateClip = reader.NumberOrNone(GateClip),
            GateActivation = reader.Activation(GateActivation, Standard.GateActivation),
            CandidateActivation = reader.Activation(CandidateActivation, Standard.CandidateActivation),
            OutputActivation = reader.Activation(OutputActivation, Standard.OutputActivation),
            InputDropout = reader.Number(InputDropout, Standard.InputDropout),
            RecurrentDropout = reader.Number(RecurrentDropout, Standard.RecurrentDropout),
            DropoutPerGate = reader.Flag(DropoutPerGate, Standard.DropoutPerGate),
            HiddenZoneout = reader.Number(HiddenZoneout, Standard.HiddenZoneout),
            CellZoneout = reader.Number(CellZoneout, Standard.CellZoneout),
            LearnInitialState = reader.Flag(LearnInitialState, Standard.LearnInitialState),
            LookBack = reader.WholeNumberOrNone(LookBack),
        };
        options = options.Peepholes ? options with { PeepholeInitializer = Initializer.Zeros } : options;
        return options.Projection is not null ? options with { ProjectionInitializer = Initializer.Zeros } : options;
    }
}
