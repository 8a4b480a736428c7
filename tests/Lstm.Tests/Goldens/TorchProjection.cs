using System.Text.Json;
using Lstm.Layers;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests.Goldens;

/// <summary>One case of torch_projection.json, which torch_projection.py writes.</summary>
public sealed record TorchProjection(int[]? Lengths, double[][] Projection, double[][] ProjectionGradient, TorchLstm Lstm)
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<TorchProjection> Cases { get; } = JsonSerializer.Deserialize<TorchProjection[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", "torch_projection.json")), CamelCase)!;

    public LstmLayer<double> CreateLayer()
    {
        LstmLayer<double> layer = new(
            Lstm.InputWeights[0].Length, Projection[0].Length, options: new LstmOptions { Projection = Projection.Length });
        Matrix<double>.Build.DenseOfRowArrays(Lstm.InputWeights).CopyTo(layer.InputWeights.Value);
        Matrix<double>.Build.DenseOfRowArrays(Lstm.RecurrentWeights).CopyTo(layer.RecurrentWeights.Value);
        Lstm.Bias.CopyTo(layer.Bias.Values);
        Matrix<double>.Build.DenseOfRowArrays(Projection).CopyTo(layer.Projection!.Value);
        return layer;
    }
}
