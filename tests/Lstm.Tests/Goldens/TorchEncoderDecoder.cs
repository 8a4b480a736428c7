using System.Text.Json;
using Lstm.Data;
using Lstm.Models;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests.Goldens;

/// <summary>One case of torch_encoder_decoder.json, which torch_encoder_decoder.py writes. Matrices are lists of rows.</summary>
public sealed record TorchEncoderDecoder(
    bool Peeky,
    int Layers,
    int Embedding,
    int Units,
    int SourceTokens,
    int TargetTokens,
    int[][] Sources,
    int[][] Targets,
    double[][][] Parameters,
    double[][][] Logits,
    double Loss,
    double[][][] Gradients)
{
    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    public static IReadOnlyList<TorchEncoderDecoder> Cases { get; } = JsonSerializer.Deserialize<TorchEncoderDecoder[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", "torch_encoder_decoder.json")), CamelCase)!;

    public EncoderDecoder<double> CreateNetwork()
    {
        var network = new EncoderDecoder<double>(SourceTokens, TargetTokens, new SequenceToSequenceOptions
        {
            EmbeddingSize = Embedding,
            HiddenUnits = Units,
            Layers = Layers,
            Peeky = Peeky,
            ReverseSource = false,
        });
        network.Parameters.Should().HaveSameCount(Parameters);
        foreach ((Parameter<double> parameter, double[][] values) in network.Parameters.Zip(Parameters))
        {
            Matrix<double>.Build.DenseOfRowArrays(values).CopyTo(parameter.Value);
        }

        return network;
    }

    public PairBatch<double> CreateBatch() =>
        PairBatch<double>.Of([.. Sources.Zip(Targets, (source, target) => new TokenPair(source, target))], TargetTokens);
}
