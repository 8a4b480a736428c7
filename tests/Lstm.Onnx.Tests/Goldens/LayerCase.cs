using Lstm.Layers;
using Lstm.Models;

namespace Lstm.Onnx.Tests.Goldens;

/// <summary>A layer or network.</summary>
public sealed record LayerCase(string Name, Func<Layer<float>> Make, OnnxExportOptions? Options = null) : ExportCase(Name)
{
    private bool HasStates => Options?.States != false;

    /// <summary>The model, with its weights filled.</summary>
    public Layer<float> CreateModel()
    {
        Layer<float> model = Make();
        Fill(model.Parameters);
        return model;
    }

    /// <summary>An input of a model: tokens or numbers.</summary>
    public static Sequence<float> CreateInput(Layer<float> model, int steps, int batch) =>
        TokensOf(model) is int count ? Tokens(steps, batch, count) : Numbers(steps, batch, model.Inputs);

    protected override void Save(Stream stream) => OnnxExport.Save(CreateModel(), stream, Options);

    protected override OnnxRun Run(int steps, int batch)
    {
        Layer<float> model = CreateModel();
        int? tokens = TokensOf(model);
        Sequence<float> input = CreateInput(model, steps, batch);
        LayerState<float> state = model.CreateState(batch);
        var inputs = new Dictionary<string, OnnxRun.Tensor>
        {
            ["input"] = new(tokens is null ? [steps, batch, model.Inputs] : [steps, batch], tokens is not null, input.Values.ToArray()),
        };
        if (HasStates)
        {
            Fill(state);
            Add(state, "state", inputs);
        }

        Sequence<float> output = model.Infer(input, state);
        for (int n = 0; n < output.Steps * batch && Options?.Softmax == true; n++)
        {
            Losses.Softmax.Probabilities<float>(output.At(n / batch, n % batch), output.At(n / batch, n % batch));
        }

        var outputs = new Dictionary<string, OnnxRun.Tensor>
        {
            ["output"] = new([output.Steps, batch, output.Features], false, output.Values.ToArray()),
        };
        if (HasStates)
        {
            Add(state, "final", outputs);
        }

        return new OnnxRun(inputs, outputs);
    }

    /// <summary>How many different tokens the model takes; null if it takes numbers.</summary>
    private static int? TokensOf(Layer<float> model) => (model as Network<float>)?.Layers[0] switch
    {
        EmbeddingLayer<float> embedding => embedding.Tokens,
        OneHotLayer<float> oneHot => oneHot.Outputs,
        _ => null,
    };
}
