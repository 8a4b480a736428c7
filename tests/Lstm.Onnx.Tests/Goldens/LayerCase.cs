using Lstm.Layers;
using Lstm.Models;

namespace Lstm.Onnx.Tests.Goldens;

/// <summary>A layer or network.</summary>
public sealed record LayerCase(string Name, Func<Layer<float>> Make, OnnxExportOptions? Options = null) : ExportCase(Name)
{
    /// <summary>What stands behind the ends of sequences: a token that there is not, a number that would be seen in any result.</summary>
    private const float Padding = 1000;

    private bool HasStates => Options?.States != false;

    /// <summary>The model, with its weights filled.</summary>
    public Layer<float> CreateModel()
    {
        Layer<float> model = Make();
        Fill(model.Parameters);
        return model;
    }

    /// <summary>An input of a model, tokens or numbers, and all that a run of it needs beside the state.</summary>
    public Sequence<float> CreateInput(Layer<float> model, int steps, int batch, Dictionary<string, OnnxRun.Tensor> inputs)
    {
        int? tokens = TokensOf(model);
        Sequence<float> input = tokens is int count ? Tokens(steps, batch, count) : Numbers(steps, batch, model.Inputs);
        if (Options?.Lengths == true)
        {
            Pad(input, Padding, inputs);
        }

        inputs.Add("input", new(tokens is null ? [steps, batch, model.Inputs] : [steps, batch], tokens is not null, input.Values.ToArray()));
        return input;
    }

    protected override void Save(Stream stream) => OnnxExport.Save(CreateModel(), stream, Options);

    protected override OnnxRun Run(int steps, int batch)
    {
        Layer<float> model = CreateModel();
        Dictionary<string, OnnxRun.Tensor> inputs = [];
        Sequence<float> input = CreateInput(model, steps, batch, inputs);
        LayerState<float> state = model.CreateState(batch);
        if (HasStates)
        {
            Fill(state);
            Add(state, "state", inputs);
        }

        Sequence<float> output = model.Infer(input, state);
        for (int n = 0; n < output.Steps * batch && Options?.Softmax == true; n++)
        {
            if (output.Mask?.Values[n] == false)
            {
                continue;
            }

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
