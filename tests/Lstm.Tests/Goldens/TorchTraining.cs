using System.Text.Json;
using Lstm.Data;
using Lstm.Layers;
using Lstm.Losses;
using Lstm.Models;
using Lstm.Optimizers;
using Lstm.Training;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Tests.Goldens;

/// <summary>One case of torch_training.json, which torch_training.py writes. Matrices are lists of rows.</summary>
public sealed record TorchTraining(
    double Clip,
    double SgdRate,
    double Momentum,
    double WeightDecay,
    double AdamRate,
    string Kind,
    double[][][] Parameters,
    int[]? Text,
    int Steps,
    int Batch,
    double[][][][]? Inputs,
    int[][]? Labels,
    double[][][]? Targets,
    double[] Sgd,
    double[] Adam)
{
    private static readonly ExampleBatchOptions InOrder = new() { ShuffleSeed = null, BucketBatches = 1 };

    public static IReadOnlyList<TorchTraining> Cases { get; } = JsonSerializer.Deserialize<TorchTraining[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", "torch_training.json")), JsonSerializerOptions.Web)!;

    /// <summary>The losses of this library's steps.</summary>
    public double[] Train(bool adam)
    {
        Network<double> network = CreateNetwork();
        Optimizer<double> optimizer = adam
            ? new AdamOptimizer<double>(new() { LearningRate = AdamRate })
            : new SgdOptimizer<double>(new() { LearningRate = SgdRate, Momentum = Momentum, WeightDecay = WeightDecay });
        var losses = new Losses();
        new Trainer<double>(optimizer, new() { Epochs = 1, ClipNorm = Clip }).Fit(
            new NetworkObjective<double>(
                network,
                Kind == "Forecaster" ? new MeanSquaredError<double>() : new SoftmaxCrossEntropy<double>(),
                carryState: Kind == "Language"),
            Source(),
            progress: losses);
        return [.. losses.All];
    }

    /// <summary>The network with the weights that it starts from.</summary>
    private Network<double> CreateNetwork()
    {
        int units = Parameters[^2][0].Length;
        int outputs = Parameters[^1].Length;
        Network<double> network = Kind switch
        {
            "Language" => new(
                new EmbeddingLayer<double>(outputs, Parameters[0].Length),
                new LstmLayer<double>(Parameters[0].Length, units),
                new LstmLayer<double>(units, units),
                new DenseLayer<double>(units, outputs)),
            "Classifier" => new(
                new BidirectionalLayer<double>(
                    new LstmLayer<double>(Parameters[0][0].Length, units / 2),
                    new LstmLayer<double>(Parameters[0][0].Length, units / 2)),
                new LastStepLayer<double>(units),
                new DenseLayer<double>(units, outputs)),
            _ => new(
                new LstmLayer<double>(Parameters[0][0].Length, units),
                new LastStepLayer<double>(units),
                new DenseLayer<double>(units, outputs)),
        };
        network.Parameters.Should().HaveSameCount(Parameters);
        for (int n = 0; n < Parameters.Length; n++)
        {
            Matrix<double>.Build.DenseOfRowArrays(Parameters[n]).CopyTo(network.Parameters[n].Value);
        }

        return network;
    }

    private IBatchSource<Batch<double>> Source()
    {
        if (Text is not null)
        {
            return new TokenStreams<double>(Text, Steps, Batch);
        }

        IEnumerable<Example<double>> examples = Inputs!.SelectMany((batch, n) => batch.Select((rows, b) =>
        {
            Sequence<double> inputs = new(rows.Length, 1, rows[0].Length, [.. rows.SelectMany(row => row)]);
            return Labels is not null
                ? Example<double>.OfClass(inputs, Labels[n][b])
                : Example<double>.OfTargets(inputs, new(1, 1, Targets![n][b].Length, Targets[n][b]));
        }));
        return new ExampleBatches<double>([.. examples], Inputs![0].Length, InOrder);
    }

    private sealed class Losses : IProgress<TrainingProgress>
    {
        public List<double> All { get; } = [];

        public void Report(TrainingProgress value)
        {
            if (value.Event == TrainingEvent.Step)
            {
                All.Add(value.StepLoss);
            }
        }
    }
}
