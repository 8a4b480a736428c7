using Lstm.Layers;
using Lstm.Models;

namespace Lstm.Onnx.Tests.Goldens;

/// <summary>The half of a network from text to text that writes, from the state and the context in which the other half ended.</summary>
public sealed record DecoderCase(string Name, SequenceToSequenceOptions Options, bool Lengths = false) : ExportCase(Name)
{
    private const int SourceTokens = 7;
    private const int TargetTokens = 5;

    /// <summary>The network, with its weights filled.</summary>
    public EncoderDecoder<float> CreateModel() => CreateModel(Options);

    private static EncoderDecoder<float> CreateModel(SequenceToSequenceOptions options)
    {
        var model = new EncoderDecoder<float>(SourceTokens, TargetTokens, options);
        Fill(model.Parameters);
        return model;
    }

    protected override void Save(Stream stream) => OnnxExport.SaveDecoder(CreateModel(), stream, new OnnxExportOptions { Lengths = Lengths });

    protected override OnnxRun Run(int steps, int batch)
    {
        EncoderDecoder<float> model = CreateModel();
        Sequence<float> source = Tokens(4, batch, SourceTokens);
        Sequence<float> target = Tokens(steps, batch, TargetTokens + 1);
        Dictionary<string, OnnxRun.Tensor> inputs = [];
        if (Lengths)
        {
            Pad(target, -1, inputs);
        }

        LayerState<float> read = model.Encoder.CreateState(batch);
        model.Encoder.Infer(source, read);
        LayerState<float> state = model.Decoder.CreateState(batch);
        for (int n = 0; n < state.Parts.Count; n++)
        {
            read.Parts[n].Values.CopyTo(state.Parts[n].Values);
        }

        inputs.Add("input", new([steps, batch], true, target.Values.ToArray()));
        if (Options.Peeky)
        {
            inputs.Add("context", new([1, batch, Options.HiddenUnits], false, state.Parts[^2].Values.ToArray()));
        }

        Add(state, "state", inputs);
        var outputs = new Dictionary<string, OnnxRun.Tensor>
        {
            ["output"] = new([steps, batch, TargetTokens + 1], false, model.Infer(source, target).Values.ToArray()),
        };

        // Training keeps the final state; without dropout it computes the same.
        EncoderDecoder<float> trained = CreateModel(Options with { Dropout = 0 });
        trained.Forward(source, target);
        for (int n = 0; n < state.Parts.Count; n++)
        {
            trained.Decoder.FinalState.Parts[n].Values.CopyTo(state.Parts[n].Values);
        }

        Add(state, "final", outputs);
        return new OnnxRun(inputs, outputs);
    }
}
