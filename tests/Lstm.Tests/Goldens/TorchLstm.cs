using System.Text.Json;
using Lstm.Layers;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests.Goldens;

/// <summary>One case of torch_lstm.json, which torch_lstm.py writes. Matrices are lists of rows, a state is B × H.</summary>
public sealed record TorchLstm(
    double[][] InputWeights,
    double[][] RecurrentWeights,
    double[] Bias,
    double[][][] Input,
    double[][] InitialHidden,
    double[][] InitialCell,
    double[][][] OutputGradient,
    double[][] FinalHiddenGradient,
    double[][] FinalCellGradient,
    double[][][] Output,
    double[][] FinalHidden,
    double[][] FinalCell,
    double[][] InputWeightsGradient,
    double[][] RecurrentWeightsGradient,
    double[] BiasGradient,
    double[][][] InputGradient,
    double[][] InitialHiddenGradient,
    double[][] InitialCellGradient)
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<TorchLstm> Cases { get; } = JsonSerializer.Deserialize<TorchLstm[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", "torch_lstm.json")), CamelCase)!;

    public LstmLayer<double> CreateLayer()
    {
        var layer = new LstmLayer<double>(InputWeights[0].Length, RecurrentWeights[0].Length);
        Matrix<double>.Build.DenseOfRowArrays(InputWeights).CopyTo(layer.InputWeights.Value);
        Matrix<double>.Build.DenseOfRowArrays(RecurrentWeights).CopyTo(layer.RecurrentWeights.Value);
        Bias.CopyTo(layer.Bias.Values);
        return layer;
    }

    public static Sequence<double> Sequence(double[][][] values) =>
        new(values.Length, values[0].Length, values[0][0].Length, [.. values.SelectMany(step => step.SelectMany(x => x))]);

    public static LstmState<double> State(double[][] hidden, double[][] cell) =>
        new(Matrix<double>.Build.DenseOfColumnArrays(hidden), Matrix<double>.Build.DenseOfColumnArrays(cell));
}
