using System.Text.Json;
using Lstm.Layers;
using Lstm.Models;

namespace Lstm.Tests.Goldens;

/// <summary>One case of torch_embedding.json, which torch_embedding.py writes. Matrices are lists of rows.</summary>
public sealed record TorchEmbedding(
    bool Tied,
    double[][] Embedding,
    double[][] InputWeights,
    double[][] RecurrentWeights,
    double[] Bias,
    double[] OutputBias,
    double[][] Tokens,
    double[][][] OutputGradient,
    double[][][] Output,
    double[][] EmbeddingGradient,
    double[][] InputWeightsGradient,
    double[][] RecurrentWeightsGradient,
    double[] BiasGradient,
    double[] OutputBiasGradient)
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<TorchEmbedding> Cases { get; } = JsonSerializer.Deserialize<TorchEmbedding[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", "torch_embedding.json")), CamelCase)!;

    public Sequence<double> CreateInput() => new(Tokens.Length, Tokens[0].Length, 1, [.. Tokens.SelectMany(step => step)]);

    /// <summary>The gradients of the parameters of <see cref="CreateNetwork"/>, each in column-major order.</summary>
    public double[][] CreateGradients() =>
        InOrder(EmbeddingGradient, InputWeightsGradient, RecurrentWeightsGradient, BiasGradient, OutputBiasGradient);

    public Network<double> CreateNetwork()
    {
        var embedding = new EmbeddingLayer<double>(Embedding.Length, Embedding[0].Length);
        var lstm = new LstmLayer<double>(Embedding[0].Length, RecurrentWeights[0].Length);
        Network<double> network = Tied ? new(embedding, lstm, new DenseLayer<double>(embedding)) : new(embedding, lstm);
        double[][] values = InOrder(Embedding, InputWeights, RecurrentWeights, Bias, OutputBias);
        for (int n = 0; n < network.Parameters.Count; n++)
        {
            values[n].CopyTo(network.Parameters[n].Values);
        }

        return network;
    }

    /// <summary>The rows of PyTorch's embedding are the columns here; its other matrices are ours.</summary>
    private static double[][] InOrder(
        double[][] embedding, double[][] inputWeights, double[][] recurrentWeights, double[] bias, double[] outputBias) =>
        [[.. embedding.SelectMany(row => row)], Columns(inputWeights), Columns(recurrentWeights), bias, outputBias];

    private static double[] Columns(double[][] rows) =>
        [.. Enumerable.Range(0, rows[0].Length).SelectMany(column => rows.Select(row => row[column]))];
}
