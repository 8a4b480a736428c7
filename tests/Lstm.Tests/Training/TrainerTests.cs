using System.Globalization;
using Lstm.Data;
using Lstm.Losses;
using Lstm.Optimizers;
using Lstm.Tests.Support;
using Lstm.Training;

namespace Lstm.Tests.Training;

public class TrainerTests
{
    private static readonly BatchList<double> FourBatches = new([1, 2, 3, 6]);
    private static readonly BatchList<double> Validation = new([1, 2]);

    [Fact]
    public void Fit_WithoutValidation_TakesEveryBatchInEachEpoch()
    {
        var objective = new ScriptedObjective();
        TrainingReport report = Trainer(new() { Epochs = 2 }).Fit(objective, FourBatches);
        objective.Seen.Should().Equal(1, 2, 3, 6, 1, 2, 3, 6);
        objective.Starts.Should().Be(2, "each epoch is a pass");
        objective.Number.Should().Be(8, "the learning rate is 1, the gradient −1");
        report.StopReason.Should().Be(StopReason.Completed);
        report.Steps.Should().Be(8);
        report.BestEpoch.Should().BeNull();
        report.History.Select(epoch => (epoch.Epoch, epoch.Steps, epoch.Loss, epoch.ValidationLoss))
            .Should().Equal([(1, 4, 3, null), (2, 8, 3, null)]);
    }

    [Fact]
    public void Fit_Validations_RestoreTheBestWeights()
    {
        var objective = new ScriptedObjective(5, 3, 4, 3.5);
        TrainingReport report = Trainer(new() { Epochs = 4 }).Fit(objective, FourBatches, Validation);
        objective.Number.Should().Be(8, "the weights after the second epoch were the best");
        (report.BestEpoch, report.BestScore).Should().Be((2, 3));
        report.History.Select(epoch => epoch.ValidationLoss).Should().Equal([5, 3, 4, 3.5]);
        report.History.Select(epoch => epoch.Metric).Should().Equal([500, 300, 400, 350]);
    }

    [Fact]
    public void Fit_RestoreBestIsOff_LeavesTheLastWeights()
    {
        var objective = new ScriptedObjective(1, 2);
        Trainer(new() { Epochs = 2, RestoreBest = false }).Fit(objective, FourBatches, Validation);
        objective.Number.Should().Be(8);
    }

    [Theory]
    [InlineData(1, 0, 3)] // 4, 3, 3.5: one that is no better
    [InlineData(2, 0, 6)] // 3.5, 2.9, 3, 2.95: two
    [InlineData(1, 0.5, 3)]
    [InlineData(2, 0.5, 4)] // 2.9 is not better than 3 by a half
    public void Fit_Patience_StopsAfterSoManyThatAreNoBetter(int patience, double improvement, int epochs)
    {
        var objective = new ScriptedObjective(4, 3, 3.5, 2.9, 3, 2.95, 2);
        TrainingReport report = Trainer(new() { Epochs = 7, Patience = patience, MinimumImprovement = improvement })
            .Fit(objective, FourBatches, Validation);
        report.StopReason.Should().Be(StopReason.NoImprovement);
        report.History.Should().HaveCount(epochs);
    }

    [Fact]
    public void Fit_EqualValidations_AreNoBetter()
    {
        var objective = new ScriptedObjective(4, 4, 3);
        TrainingReport report = Trainer(new() { Epochs = 3, Patience = 1 }).Fit(objective, FourBatches, Validation);
        report.History.Should().HaveCount(2);
        report.BestEpoch.Should().Be(1);
        objective.Number.Should().Be(4);
    }

    [Fact]
    public void Fit_ValidationIsNaN_IsWorseThanAnyNumber()
    {
        var objective = new ScriptedObjective(double.NaN, 9, double.NaN);
        TrainingReport report = Trainer(new() { Epochs = 3 }).Fit(objective, FourBatches, Validation);
        (report.BestEpoch, report.BestScore).Should().Be((2, 9));
        objective.Number.Should().Be(8);
    }

    [Fact]
    public void Fit_GradientsOfDifferentSize_AreNotLimitedAndReportedByTheirMean()
    {
        var objective = new ScriptedObjective { Fall = batch => batch };
        TrainingReport report = Trainer(new() { Epochs = 1 }).Fit(objective, FourBatches);
        objective.Number.Should().Be(1 + 2 + 3 + 6);
        report.History[0].GradientNorm.Should().Be(3);
    }

    [Fact]
    public void Fit_MonitorsAMetricThatShouldRise_RestoresTheHighest()
    {
        var objective = new ScriptedObjective(1, 3, 2) { HigherIsBetter = true };
        TrainingReport report = Trainer(new() { Epochs = 3, Monitor = TrainingMonitor.Metric })
            .Fit(objective, FourBatches, Validation);
        (report.BestEpoch, report.BestScore).Should().Be((2, 300));
        objective.Number.Should().Be(8);
    }

    [Fact]
    public void Fit_ValidatesEverySteps_InTheMiddleAndAtTheEnd()
    {
        var objective = new ScriptedObjective(9, 8, 2, 7, 6, 5);
        var watcher = new Watcher();
        TrainingReport report = Trainer(new() { Epochs = 2, ValidateEverySteps = 3 })
            .Fit(objective, FourBatches, Validation, watcher);
        watcher.Of(TrainingEvent.Validation).Select(progress => progress.Step).Should().Equal([3, 4, 6, 8]);
        report.History.Select(epoch => epoch.ValidationLoss).Should().Equal([8, 7]);
        objective.Number.Should().Be(6, "the third validation was the best");
        report.BestEpoch.Should().Be(2);
    }

    [Fact]
    public void Fit_OutOfPatienceWithinAnEpoch_StopsThere()
    {
        var objective = new ScriptedObjective(1, 2, 3);
        TrainingReport report = Trainer(new() { Epochs = 2, ValidateEverySteps = 1, Patience = 2, RestoreBest = false })
            .Fit(objective, FourBatches, Validation);
        report.StopReason.Should().Be(StopReason.NoImprovement);
        report.Steps.Should().Be(3);
        report.History.Should().BeEmpty("no epoch was finished");
    }

    [Fact]
    public void Fit_Cancelled_StopsBetweenStepsAndReports()
    {
        using var source = new CancellationTokenSource();
        var objective = new ScriptedObjective(1);
        var watcher = new Watcher(progress =>
        {
            if (progress.Step == 6)
            {
                source.Cancel();
            }
        });
        TrainingReport report = Trainer(new() { Epochs = 5, RestoreBest = false })
            .Fit(objective, FourBatches, Validation, watcher, source.Token);
        report.StopReason.Should().Be(StopReason.Cancelled);
        report.Steps.Should().Be(6);
        objective.Number.Should().Be(6);
        report.History.Should().ContainSingle();
    }

    [Fact]
    public void Fit_CancelledInAValidation_LeavesItOut()
    {
        using var source = new CancellationTokenSource();
        var watcher = new Watcher(progress =>
        {
            if (progress.Step == 4)
            {
                source.Cancel();
            }
        });
        TrainingReport report = Trainer(new()).Fit(new ScriptedObjective(), FourBatches, Validation, watcher, source.Token);
        report.StopReason.Should().Be(StopReason.Cancelled);
        watcher.Of(TrainingEvent.Validation).Should().BeEmpty();
    }

    [Fact]
    public void Fit_Progress_SaysWhereItIs()
    {
        var watcher = new Watcher();
        Trainer(new() { Epochs = 2 }).Fit(new ScriptedObjective(7, 8), FourBatches, Validation, watcher);
        watcher.All.Select(progress => progress.Event).Take(6).Should().Equal(
            TrainingEvent.Step, TrainingEvent.Step, TrainingEvent.Step, TrainingEvent.Step, TrainingEvent.Validation, TrainingEvent.Epoch);
        TrainingProgress third = watcher.All[2];
        (third.Epoch, third.Epochs, third.Step, third.StepInEpoch, third.StepsInEpoch).Should().Be((1, 2, 3, 3, 4));
        (third.Loss, third.StepLoss, third.ValidationLoss).Should().Be((2, 3, null));
        (third.GradientNorm, third.LearningRate).Should().Be((1, 1));
        (third.ItemName, third.MetricName).Should().Be(("steps", "hundredfold"));
        third.ItemsPerSecond.Should().BePositive();
        third.TimeLeft.Should().BeCloseTo(third.Elapsed * (5 / 3.0), TimeSpan.FromTicks(5), "five of eight steps are left");
        TrainingProgress last = watcher.All[^1];
        (last.ValidationLoss, last.Metric, last.TimeLeft).Should().Be((8, 800, TimeSpan.Zero));
    }

    [Fact]
    public void Fit_Schedule_SetsTheRateBeforeEachStepAndPutsItBack()
    {
        var objective = new ScriptedObjective();
        Trainer<double> trainer = Trainer(new() { Epochs = 3, Schedule = new ZarembaSchedule { ConstantEpochs = 1, Divisor = 2 } });
        TrainingReport report = trainer.Fit(objective, FourBatches);
        report.History.Select(epoch => epoch.LearningRate).Should().Equal([1, 0.5, 0.25]);
        objective.Number.Should().Be(4 * (1 + 0.5 + 0.25));
        trainer.Optimizer.LearningRate.Should().Be(1);
    }

    [Theory]
    [InlineData(0.25, null)]
    [InlineData(null, 0.25)]
    public void Fit_Clipping_LimitsTheStep(double? norm, double? value)
    {
        var objective = new ScriptedObjective();
        TrainingReport report = Trainer(new() { Epochs = 1, ClipNorm = norm, ClipValue = value }).Fit(objective, FourBatches);
        objective.Number.Should().Be(1);
        report.History[0].GradientNorm.Should().Be(norm is null ? 0.25 : 1, "the norm is that before it was limited");
    }

    [Fact]
    public void Fit_LossIsNotFinite_SaysWhereAndKeepsTheWeights()
    {
        var objective = new ScriptedObjective();
        Trainer<double> trainer = Trainer(new());
        trainer.Invoking(t => t.Fit(objective, new BatchList<double>([1, 2, double.NaN])))
            .Should().ThrowExactly<NonFiniteLossException>()
            .WithMessage("*step 3 of epoch 1*NaN at step 3 of sequence 4*")
            .WithInnerException<NonFiniteLossException>();
        objective.Number.Should().Be(2);
        trainer.Optimizer.LearningRate.Should().Be(1);
    }

    [Fact]
    public void Fit_HistoryFile_HoldsALineForEachEpoch()
    {
        string path = Path.GetTempFileName();
        try
        {
            TrainingReport report = Trainer(new() { Epochs = 2, HistoryFile = path })
                .Fit(new ScriptedObjective(0.5, 0.125), FourBatches, Validation);
            using var writer = new StringWriter();
            report.WriteCsv(writer);
            File.ReadAllText(path).Should().Be(writer.ToString());
            string[] lines = File.ReadAllLines(path);
            lines[0].Should().Be(
                "epoch,steps,loss,validation_loss,hundredfold,learning_rate,gradient_norm,items_per_second,seconds");
            lines[1].Should().StartWith("1,4,3,0.5,50,1,1,");
            lines[2].Should().StartWith("2,8,3,0.125,12.5,1,1,");
            lines.Should().HaveCount(3);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void WriteCsv_NumbersOfManyDigits_LosesNone()
    {
        TrainingReport report = Trainer(new() { Epochs = 1 })
            .Fit(new ScriptedObjective(2.0 / 3), new BatchList<double>([0.1, 0.2, 0.4]), Validation);
        using var writer = new StringWriter();
        report.WriteCsv(writer);
        string[] fields = writer.ToString().Split('\n')[1].Split(',');
        double[] numbers = [.. fields[2..5].Select(field => double.Parse(field, CultureInfo.InvariantCulture))];
        numbers.Should().Equal(report.History[0].Loss, report.History[0].ValidationLoss!.Value, report.History[0].Metric!.Value);
    }

    [Fact]
    public void Fit_Averaging_ValidatesAndEndsWithTheAverage()
    {
        // After step n the number is n; from step 3 on their mean: 3, 3.5, 4, 4.5 …
        var averaging = new AveragingOptions { Decay = null, StartStep = 2 };
        var last = new ScriptedObjective();
        Trainer(new() { Epochs = 2, Averaging = averaging }).Fit(last, FourBatches);
        last.Number.Should().Be((3 + 4 + 5 + 6 + 7 + 8) / 6.0);

        var best = new ScriptedObjective(9, 1, 2, 3);
        Trainer(new() { Epochs = 2, Averaging = averaging, ValidateEverySteps = 3 }).Fit(best, FourBatches, Validation);
        best.Number.Should().Be(3.5, "the average at the second validation was the best");
    }

    [Fact]
    public void Evaluate_BatchesOfDifferentSize_WeighsThem()
    {
        // Losses 1 and 4 of batches that weigh 1 and 3: (1·1 + 4·3) / 4.
        var sums = new LossSum(1, 1, 1) + new LossSum(12, 3, 3);
        (sums.Mean, sums.Items).Should().Be((3.25, 4));
        Trainer<double>.Evaluate(new ScriptedObjective(5), Validation).Should().Be(new LossSum(15, 3, 2));
    }

    [Fact]
    public void Evaluate_ShuffledSource_GoesThroughItsFirstEpoch()
    {
        BatchList<double> source = new([1, 2, 3, 4, 5, 6, 7, 8], shuffleSeed: 3);
        double[] first = Order();
        source.Start(5);
        Order().Should().NotEqual(first);
        Trainer<double>.Evaluate(new ScriptedObjective(1), source);
        Order().Should().Equal(first);

        double[] Order() => [.. Enumerable.Range(0, source.Count).Select(n => source[n])];
    }

    [Fact]
    public void Fit_WhatCannotBe_IsRefused()
    {
        Trainer<double> trainer = Trainer(new());
        Refusal.Of<ArgumentNullException>(() => _ = new Trainer<double>(null!), "optimizer");
        Refusal.Of<ArgumentNullException>(() => trainer.Fit<double>(null!, FourBatches), "objective");
        Refusal.Of<ArgumentNullException>(() => trainer.Fit(new ScriptedObjective(), null!), "training");
        Refusal.Of<ArgumentException>(() => trainer.Fit(new ScriptedObjective(), FourBatches, FourBatches), "validation");
        Refusal.Of<ArgumentException>(
            () => Trainer(new() { Patience = 1 }).Fit(new ScriptedObjective(), FourBatches), "validation", "Patience");
        Refusal.Of<ArgumentException>(
            () => Trainer(new() { Schedule = new PlateauSchedule() }).Fit(new ScriptedObjective(), FourBatches),
            "validation",
            "PlateauSchedule");
    }

    private static Trainer<double> Trainer(TrainerOptions options) =>
        new(new SgdOptimizer<double>(new() { LearningRate = 1 }), options);

    private sealed class Watcher(Action<TrainingProgress>? then = null) : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> All { get; } = [];

        public IEnumerable<TrainingProgress> Of(TrainingEvent what) => All.Where(progress => progress.Event == what);

        public void Report(TrainingProgress value)
        {
            All.Add(value);
            then?.Invoke(value);
        }
    }
}
