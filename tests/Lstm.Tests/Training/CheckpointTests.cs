using Lstm.Data;
using Lstm.Interchange;
using Lstm.Kill;
using Lstm.Layers;
using Lstm.Losses;
using Lstm.Metrics;
using Lstm.Models;
using Lstm.Optimizers;
using Lstm.Tests.Support;
using Lstm.Training;

namespace Lstm.Tests.Training;

public sealed class CheckpointTests : IDisposable
{
    private const int Tokens = 11;

    private static readonly int[] Text = [.. Enumerable.Range(0, 90).Select(n => n * n % Tokens)];

    private readonly string _folder = Directory.CreateTempSubdirectory("lstm-checkpoint-").FullName;

    private string File => Path.Combine(_folder, "checkpoint.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(3)] // In the middle of an epoch of five steps, before a validation.
    [InlineData(5)] // At the end of an epoch.
    [InlineData(11)]
    public void Fit_CancelledAndResumed_EndsWithTheSameBits(int stopAt)
    {
        Setup whole = new();
        TrainingReport report = whole.Fit(null);

        using var source = new CancellationTokenSource();
        TrainingReport first = new Setup().Fit(new CheckpointOptions(File), new Stopper(stopAt, source), source.Token);
        (first.StopReason, first.Steps).Should().Be((StopReason.Cancelled, stopAt));
        Setup resumed = new();
        TrainingReport second = resumed.Fit(new CheckpointOptions(File));
        second.ResumedAtStep.Should().Be(stopAt);
        Bits.OfValues(resumed.Network).Should().Equal(Bits.OfValues(whole.Network));
        Untimed(second).Should().Equal(Untimed(report));
        (second.Steps, second.BestEpoch, second.BestScore, second.StopReason)
            .Should().Be((report.Steps, report.BestEpoch, report.BestScore, report.StopReason));
    }

    [Fact]
    public void Fit_WithCheckpoints_TrainsAsWithout()
    {
        Setup without = new();
        without.Fit(null);
        Setup with = new();
        with.Fit(new CheckpointOptions(File) { EverySteps = 2, Every = TimeSpan.Zero });
        Bits.OfValues(with.Network).Should().Equal(Bits.OfValues(without.Network));
    }

    [Fact]
    public void Fit_BestBeforeTheStop_IsRestoredAtTheEnd()
    {
        using var source = new CancellationTokenSource();
        var options = new TrainerOptions { Epochs = 4 };
        Fit(new ScriptedObjective(2, 1), options, new Stopper(9, source), source.Token).StopReason.Should().Be(StopReason.Cancelled);
        var resumed = new ScriptedObjective(3, 4); // The third validation was cancelled.
        TrainingReport report = Fit(resumed, options);
        (report.ResumedAtStep, report.Steps, report.BestEpoch, report.BestScore).Should().Be((9, 12, 2, 1));
        resumed.Number.Should().Be(6, "there are three steps an epoch, and the second epoch was the best");
    }

    [Fact]
    public void Fit_OutOfPatienceWithinAnEpoch_GoesOnWithMore()
    {
        // Validations after each step: the first training ends with the second, the other goes on with the third.
        var options = new TrainerOptions { Epochs = 2, ValidateEverySteps = 1, Patience = 1 };
        TrainingReport first = Fit(new ScriptedObjective(1, 2), options);
        (first.StopReason, first.Steps, first.BestScore).Should().Be((StopReason.NoImprovement, 2, 1));
        var resumed = new ScriptedObjective(3, 4, 0.5, 5);
        TrainingReport second = Fit(resumed, options with { Patience = 6 });
        (second.StopReason, second.ResumedAtStep, second.Steps).Should().Be((StopReason.Completed, 2, 6));
        second.History.Select(epoch => (epoch.Steps, epoch.ValidationLoss)).Should().Equal([(3, 3), (6, 5)]);
        (second.BestScore, second.BestEpoch).Should().Be((0.5, 2));
        resumed.Number.Should().Be(5, "the fifth step gave the best validation");
    }

    [Fact]
    public void Fit_MoreEpochs_GoesOnFromTheLatestWeightsAndNotFromTheBest()
    {
        Fit(new ScriptedObjective(1, 2), new TrainerOptions { Epochs = 2 }).Steps.Should().Be(6);
        var resumed = new ScriptedObjective(3, 0.5);
        Fit(resumed, new TrainerOptions { Epochs = 4 }).BestEpoch.Should().Be(4);
        resumed.Number.Should().Be(12, "each of twelve steps added 1, and the last weights are the best");
    }

    [Fact]
    public void Fit_AfterTheEnd_DoesNothingButPutTheWeightsBack()
    {
        Setup whole = new();
        TrainingReport report = whole.Fit(new CheckpointOptions(File));
        Setup again = new();
        TrainingReport second = again.Fit(new CheckpointOptions(File));
        second.ResumedAtStep.Should().Be(report.Steps);
        Untimed(second).Should().Equal(Untimed(report));
        Bits.OfValues(again.Network).Should().Equal(Bits.OfValues(whole.Network));
    }

    [Fact]
    public void Fit_AfterTheEndOfALayerThatHasInferred_InfersWithWhatWasSaved()
    {
        var random = new Random(1);
        Sequence<float> input = Draw.Sequence<float>(random, 3, 5, 4);
        Batch<float> batch = Batch<float>.OfTargets(input, Draw.Sequence<float>(random, 3, 5, 9));
        var options = new TrainerOptions { Epochs = 2, Checkpoint = new CheckpointOptions(File) };
        float[] first = Fit(new LstmLayer<float>(4, 9, seed: 1));
        Fit(new LstmLayer<float>(4, 9, seed: 2)).Should().Equal(first);

        float[] Fit(LstmLayer<float> layer)
        {
            float[] before = layer.Infer(input).Values.ToArray();
            new Trainer<float>(new SgdOptimizer<float>(), options).Fit(
                new NetworkObjective<float>(layer, new MeanSquaredError<float>()), new BatchList<Batch<float>>([batch]));
            float[] after = layer.Infer(input).Values.ToArray();
            after.Should().NotEqual(before);
            return after;
        }
    }

    [Fact]
    public void Fit_ResumeIsOff_BeginsAnew()
    {
        new Setup().Fit(new CheckpointOptions(File));
        new Setup().Fit(new CheckpointOptions(File) { Resume = false }).ResumedAtStep.Should().Be(0);
    }

    [Theory]
    [InlineData(null, null, new long[] { 5, 10, 15, 20 })]
    [InlineData(4, null, new long[] { 4, 8, 12, 16, 20 })]
    [InlineData(null, 0, new long[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 })]
    public void Fit_EverySoOften_WritesTheFile(int? steps, int? seconds, long[] expected)
    {
        // The step of the file is seen with the next step: a file is written between two.
        var seen = new SortedSet<long>();
        var watcher = new Stopper(int.MaxValue, null, _ =>
        {
            if (System.IO.File.Exists(File))
            {
                seen.Add(StepOf(File));
            }
        });
        TimeSpan? every = seconds is int s ? TimeSpan.FromSeconds(s) : null;
        new Setup().Fit(new CheckpointOptions(File) { EverySteps = steps, Every = every }, watcher);
        seen.Add(StepOf(File));
        seen.Should().Equal(expected);
        Directory.GetFiles(_folder).Should().Equal([File], "nothing else is left");
    }

    [Fact]
    public void Fit_FileOfAnotherTraining_IsRefused()
    {
        new Setup().Fit(new CheckpointOptions(File));
        Fails(() => new Setup(hidden: 7).Fit(new CheckpointOptions(File)), File, "28 × 11", "20 × 11");
        Fails(() => new Setup(adam: false).Fit(new CheckpointOptions(File)), "AdamOptimizer", "SgdOptimizer");
        TensorSet other = new();
        other.SaveSafetensors(File);
        Fails(() => new Setup().Fit(new CheckpointOptions(File)), "not a checkpoint");
        other.Metadata["kind"] = "Lstm training checkpoint";
        other.Metadata["version"] = "2";
        other.SaveSafetensors(File);
        Fails(() => new Setup().Fit(new CheckpointOptions(File)), "version 2");
        other.Metadata["version"] = "0";
        other.SaveSafetensors(File);
        Fails(() => new Setup().Fit(new CheckpointOptions(File)), "version 0");
        other.Metadata["version"] = "1";
        other.SaveSafetensors(File);
        Fails(() => new Setup().Fit(new CheckpointOptions(File)), "parameters");
        System.IO.File.WriteAllText(File, "no tensors");
        Fails(() => new Setup().Fit(new CheckpointOptions(File)), File);

        static void Fails(Action fit, params string[] words)
        {
            string message = fit.Should().ThrowExactly<ModelFormatException>().Which.Message;
            words.Should().AllSatisfy(word => message.Should().Contain(word));
        }
    }

    [Fact]
    public void Fit_DamagedFile_IsRefusedOrGoneOnFrom()
    {
        using var source = new CancellationTokenSource();
        new Setup().Fit(new CheckpointOptions(File), new Stopper(18, source), source.Token);
        byte[] whole = System.IO.File.ReadAllBytes(File);
        int header = 8 + (int)BitConverter.ToInt64(whole);
        var random = new Random(3);
        int refused = 0;
        for (int n = 0; n < 150; n++)
        {
            // The header, the numbers behind it (they are of the widest type, and so first), anything; or the end is missing.
            byte[] damaged = whole.ToArray();
            int end = new[] { header, header + 600, damaged.Length }[n % 3];
            for (int k = 0; k < 2; k++)
            {
                damaged[random.Next(end)] = (byte)random.Next(256);
            }

            System.IO.File.WriteAllBytes(File, n % 10 == 9 ? damaged[..random.Next(end)] : damaged);
            try
            {
                new Setup().Fit(new CheckpointOptions(File) { EverySteps = int.MaxValue });
            }
            catch (ModelFormatException)
            {
                refused++;
            }
            catch (NonFiniteLossException)
            {
                // Weights may have become anything.
            }
        }

        refused.Should().BeInRange(50, 149);
    }

    [Fact]
    public void Fit_OtherDataInTheMiddleOfAnEpoch_IsRefused()
    {
        using var source = new CancellationTokenSource();
        new Setup().Fit(new CheckpointOptions(File), new Stopper(3, source), source.Token);
        FluentActions.Invoking(() => new Setup(text: 70).Fit(new CheckpointOptions(File)))
            .Should().ThrowExactly<ModelFormatException>().WithMessage("*5 batches*4 now*");
    }

    [Fact]
    public void Fit_KilledAtRandomMoments_GoesOnToTheSameBits()
    {
        using var output = new StringWriter();
        Killer.Run(2, seed: Environment.TickCount, output).Should().OnlyContain(trial => trial.IsRight, output.ToString());
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Refusal.Of<ArgumentException>(() => _ = new CheckpointOptions(string.Empty), "path");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new CheckpointOptions("x") { EverySteps = 0 }, "EverySteps");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new CheckpointOptions("x") { Every = TimeSpan.FromTicks(-1) }, "Every");
    }

    /// <summary>Trains in epochs of three steps, each of which adds 1 to the number.</summary>
    private TrainingReport Fit(
        ScriptedObjective objective, TrainerOptions options, Stopper? stopper = null, CancellationToken cancellation = default) =>
        new Trainer<double>(
            new SgdOptimizer<double>(new() { LearningRate = 1 }), options with { Checkpoint = new CheckpointOptions(File) })
        .Fit(objective, new BatchList<double>([1, 2, 3]), new BatchList<double>([1]), stopper, cancellation);

    private static long StepOf(string file)
    {
        using var tensors = SafetensorsFile.Open(file);
        return (long)tensors.Read<double>("numbers/trainer.position")[3];
    }

    private static EpochResult[] Untimed(TrainingReport report) =>
        [.. report.History.Select(epoch => epoch with { Elapsed = TimeSpan.Zero, ItemsPerSecond = 0 })];

    /// <summary>A training that carries state, drops, averages and validates in the middle of its epochs, the same each time.</summary>
    private sealed class Setup
    {
        private readonly Optimizer<float> _optimizer;
        private readonly int[] _text;

        public Setup(int hidden = 5, bool adam = true, int text = 90)
        {
            Network = new Network<float>(
                new OneHotLayer<float>(Tokens),
                new StatefulLayer<float>(new LstmLayer<float>(Tokens, hidden, seed: 1)),
                new DropoutLayer<float>(hidden, 0.2, seed: 2),
                new LstmLayer<float>(hidden, hidden, seed: 3, new LstmOptions { RecurrentDropout = 0.2 }),
                new GruLayer<float>(hidden, hidden, seed: 5, new GruOptions { RecurrentDropout = 0.2 }),
                new DenseLayer<float>(hidden, Tokens, seed: 4));
            _optimizer = adam ? new AdamOptimizer<float>(new() { LearningRate = 0.02 }) : new SgdOptimizer<float>();
            _text = Text[..text];
        }

        public Network<float> Network { get; }

        public TrainingReport Fit(
            CheckpointOptions? checkpoint, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default) =>
            new Trainer<float>(_optimizer, new TrainerOptions
            {
                Epochs = 4,
                ClipNorm = 0.5,
                ValidateEverySteps = 3,
                Averaging = new AveragingOptions { Decay = 0.8 },
                Schedule = new CosineSchedule { WarmUpSteps = 3 },
                Checkpoint = checkpoint,
            }).Fit(
                new NetworkObjective<float>(
                    Network, new SoftmaxCrossEntropy<float>(), new PerplexityMetric<float>(), carryState: true),
                new TokenStreams<float>(_text, steps: 6, batch: 3),
                new TokenStreams<float>(Text, steps: 9, batch: 1),
                progress,
                cancellation);
    }

    private sealed class Stopper(int step, CancellationTokenSource? source, Action<TrainingProgress>? then = null)
        : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            then?.Invoke(value);
            if (value.Step == step && value.Event == TrainingEvent.Step)
            {
                source!.Cancel();
            }
        }
    }
}
