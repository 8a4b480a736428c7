using System.Text.Json;
using Lstm.Layers;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests.Goldens;

/// <summary>One case of torch_recurrent.json, which torch_recurrent.py writes. Matrices are lists of rows, a state is B × H.</summary>
public sealed record TorchRecurrent(
    string Kind,
    int[]? Lengths,
    double[][] InputWeights,
    double[][] RecurrentWeights,
    double[] Bias,
    double[]? RecurrentBias,
    double[][][] Input,
    double[][] InitialHidden,
    double[][][] OutputGradient,
    double[][] FinalHiddenGradient,
    double[][][] Output,
    double[][] FinalHidden,
    double[][] InputWeightsGradient,
    double[][] RecurrentWeightsGradient,
    double[] BiasGradient,
    double[]? RecurrentBiasGradient,
    double[][][] InputGradient,
    double[][] InitialHiddenGradient)
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<TorchRecurrent> Cases { get; } = JsonSerializer.Deserialize<TorchRecurrent[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", "torch_recurrent.json")), CamelCase)!;

    public RecurrentLayer<double> CreateLayer()
    {
        (int inputs, int units) = (InputWeights[0].Length, RecurrentWeights[0].Length);
        RecurrentLayer<double> layer = Kind switch
        {
            "gru" => new GruLayer<double>(inputs, units),
            "gru original" => new GruLayer<double>(inputs, units, options: new GruOptions { ResetAfter = false }),
            "rnn tanh" => new RnnLayer<double>(inputs, units),
            "rnn relu" => new RnnLayer<double>(inputs, units, options: new RnnOptions { Activation = Activation.Relu }),
            "rnn sigmoid" => new RnnLayer<double>(inputs, units, options: new RnnOptions { Activation = Activation.Sigmoid }),
            _ => throw new InvalidDataException(Kind),
        };
        Matrix<double>.Build.DenseOfRowArrays(InputWeights).CopyTo(layer.InputWeights.Value);
        Matrix<double>.Build.DenseOfRowArrays(RecurrentWeights).CopyTo(layer.RecurrentWeights.Value);
        double[] bias = [.. Bias, .. RecurrentBias ?? []];
        bias.CopyTo(layer.Bias.Values);
        return layer;
    }

    public Sequence<double> CreateInput()
    {
        Sequence<double> input = TorchLstm.Sequence(Input);
        input.Mask = Lengths is null ? null : StepMask.FromLengths(input.Steps, Lengths);
        return input;
    }

    public static HiddenState<double> State(double[][] hidden) => new(Matrix<double>.Build.DenseOfColumnArrays(hidden));
}
