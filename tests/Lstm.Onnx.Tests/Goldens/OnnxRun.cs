using System.Text.Json;

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

    /// <summary>A tensor row by row; integers are exact in float.</summary>
    public sealed record Tensor(int[] Shape, bool IsInteger, float[] Values);
}
