using System.Text.Json;
using Lstm.Layers;

namespace Lstm.Onnx.Tests.Goldens;

/// <summary>A run of a model: named tensors in and out, as the JSON beside the model has them.</summary>
public sealed record OnnxRun(IReadOnlyDictionary<string, OnnxRun.Tensor> Inputs, IReadOnlyDictionary<string, OnnxRun.Tensor> Outputs)
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    /// <summary>A model among the goldens, by its folder and name.</summary>
    public static string ModelFile(string name) => FileOf(name, "onnx");

    /// <summary>What another program computed with that model.</summary>
    public static IReadOnlyList<OnnxRun> Of(string name) =>
        JsonSerializer.Deserialize<OnnxRun[]>(File.ReadAllText(FileOf(name, "json")), CamelCase)!;

    /// <summary>What this library computes.</summary>
    public static IReadOnlyList<OnnxRun> OfLibrary(ExportCase one)
    {
        Layer<float> model = one.CreateModel();
        return [.. ExportCase.Shapes.Select(shape => Run(one, model, shape.Steps, shape.Batch))];
    }

    /// <summary>The runs as JSON, a line for each tensor.</summary>
    public static string ToJson(IEnumerable<OnnxRun> runs)
    {
        IEnumerable<string> Lines(OnnxRun run) => new[] { ("inputs", run.Inputs), ("outputs", run.Outputs) }.Select(
            side => $"\"{side.Item1}\": {{\n" + string.Join(
                ",\n", side.Item2.Select(pair => $"  \"{pair.Key}\": {JsonSerializer.Serialize(pair.Value, CamelCase)}")) + "\n}");
        return "[\n" + string.Join(",\n", runs.Select(run => "{\n" + string.Join(",\n", Lines(run)) + "\n}")) + "\n]\n";
    }

    private static string FileOf(string name, string kind) =>
        Path.Combine(AppContext.BaseDirectory, "Goldens", $"{name}.{kind}");

    private static OnnxRun Run(ExportCase one, Layer<float> model, int steps, int batch)
    {
        Sequence<float> input = ExportCase.CreateInput(model, steps, batch);
        LayerState<float> state = one.CreateState(model, batch);
        bool tokens = ExportCase.TokensOf(model) is not null;
        var inputs = new Dictionary<string, Tensor>
        {
            ["input"] = new(tokens ? [steps, batch] : [steps, batch, model.Inputs], tokens, input.Values.ToArray()),
        };
        bool states = one.Options?.States != false;
        AddState("state", inputs);
        Sequence<float> output = model.Infer(input, state);
        if (one.Options?.Softmax == true)
        {
            for (int t = 0; t < output.Steps; t++)
            {
                for (int b = 0; b < batch; b++)
                {
                    Losses.Softmax.Probabilities<float>(output.At(t, b), output.At(t, b));
                }
            }
        }

        var outputs = new Dictionary<string, Tensor>
        {
            ["output"] = new([output.Steps, batch, output.Features], false, output.Values.ToArray()),
        };
        AddState("final", outputs);
        return new OnnxRun(inputs, outputs);

        void AddState(string prefix, Dictionary<string, Tensor> tensors)
        {
            foreach (StatePart<float> part in state.Parts.Where(_ => states))
            {
                tensors.Add($"{prefix}.{part.Name}", new([1, batch, part.Value.RowCount], false, part.Values.ToArray()));
            }
        }
    }

    /// <summary>A tensor row by row; integers are exact in float.</summary>
    public sealed record Tensor(int[] Shape, bool IsInteger, float[] Values);
}
