using System.Text.Json;

namespace Lstm.Onnx.Tests.Goldens;

/// <summary>One of ONNX's own tests of single nodes, from onnx_nodes.json, which onnx_nodes.py writes.</summary>
public sealed record OnnxNode(string Name, string Operator, byte[] Model, OnnxNode.Tensor[] Inputs, OnnxNode.Tensor[] Outputs)
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<OnnxNode> All { get; } = JsonSerializer.Deserialize<OnnxNode[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", "onnx_nodes.json")), CamelCase)!;

    /// <summary>A tensor with its name; integers are exact in double here.</summary>
    public sealed record Tensor(string Name, int[] Shape, bool IsInteger, double[] Values)
    {
        public OnnxTensor<T> Create<T>()
            where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => IsInteger
                ? OnnxTensor<T>.FromIntegers(Shape, [.. Values.Select(value => (long)value)])
                : new OnnxTensor<T>(Shape, [.. Values.Select(T.CreateTruncating)]);
    }
}
