using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Lstm.Data;
using Lstm.Layers;
using Lstm.Losses;
using Lstm.Metrics;
using Lstm.Models;
using Lstm.Optimizers;
using Lstm.Training;

namespace Lstm.Kill;

/// <summary>A short training that has all that a checkpoint must hold: dropout, shuffled batches, a schedule by validations.</summary>
public static class Victim
{
    /// <summary>The command of the program that trains.</summary>
    public const string Command = "train";

    /// <summary>What the program says after its first step.</summary>
    public const string Started = "started";

    private const int Inputs = 3;
    private const int Classes = 4;
    private const int Units = 12;

    /// <summary>Trains to the end, from the checkpoint if there is one.</summary>
    /// <param name="checkpoint">The file; none if null.</param>
    /// <param name="say">Is told when the first step has been taken.</param>
    /// <returns>A hash of all that came of it but the times, and the step that it went on from.</returns>
    public static (string Bits, long ResumedAtStep) Train(string? checkpoint, Action<string>? say = null)
    {
        var network = new Network<float>(
            new BidirectionalLayer<float>(
                new LstmLayer<float>(Inputs, Units, seed: 1), new LstmLayer<float>(Inputs, Units, seed: 2)),
            new DropoutLayer<float>(2 * Units, 0.3, seed: 3),
            new LastStepLayer<float>(2 * Units),
            new DenseLayer<float>(2 * Units, Classes, seed: 4))
        {
            Threads = 1,
        };
        var trainer = new Trainer<float>(new AdamWOptimizer<float>(new() { LearningRate = 0.02 }), new TrainerOptions
        {
            Epochs = 12,
            ClipNorm = 1,
            ValidateEverySteps = 4,
            Schedule = new PlateauSchedule { Decay = 0.7, Patience = 2 },
            Averaging = new AveragingOptions { Decay = 0.9 },
            Checkpoint = checkpoint is null ? null : new CheckpointOptions(checkpoint) { EverySteps = 1 },
        });
        TrainingReport report = trainer.Fit(
            new NetworkObjective<float>(network, new SoftmaxCrossEntropy<float>(), new AccuracyMetric<float>()),
            new ExampleBatches<float>(Examples(80, seed: 5), 8),
            new ExampleBatches<float>(Examples(20, seed: 6), 20, new() { ShuffleSeed = null }),
            say is null ? null : new Starter(say));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (Parameter<float> parameter in network.Parameters)
        {
            hash.AppendData(MemoryMarshal.AsBytes(parameter.Values));
        }

        foreach (EpochResult epoch in report.History)
        {
            hash.AppendData(MemoryMarshal.AsBytes<double>(
                [epoch.Loss, epoch.ValidationLoss!.Value, epoch.Metric!.Value, epoch.LearningRate, epoch.GradientNorm]));
        }

        return (Convert.ToHexString(hash.GetHashAndReset()), report.ResumedAtStep);
    }

    /// <summary>Waves of 5 to 24 steps whose frequency is their class.</summary>
    private static Example<float>[] Examples(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(n =>
        {
            var inputs = new Sequence<float>(random.Next(5, 25), 1, Inputs);
            double phase = random.NextDouble() * Math.Tau;
            for (int t = 0; t < inputs.Steps; t++)
            {
                for (int f = 0; f < Inputs; f++)
                {
                    inputs[t, 0, f] = (float)Math.Sin(phase + f + (t * (1 + (n % Classes)) / 3.0)) + random.NextSingle();
                }
            }

            return Example<float>.OfClass(inputs, n % Classes);
        })];
    }

    private sealed class Starter(Action<string> say) : IProgress<TrainingProgress>
    {
        private bool _said;

        public void Report(TrainingProgress value)
        {
            if (!_said)
            {
                say(string.Create(CultureInfo.InvariantCulture, $"{Started} {value.Step}"));
                _said = true;
            }
        }
    }
}
