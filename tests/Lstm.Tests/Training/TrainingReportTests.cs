using System.Globalization;
using Lstm.Training;

namespace Lstm.Tests.Training;

public class TrainingReportTests
{
    private static readonly EpochResult Epoch = new()
    {
        Epoch = 2,
        Steps = 14,
        Loss = 0.80455,
        ValidationLoss = 0.61327,
        Metric = 0.98,
        LearningRate = 0.005,
        GradientNorm = 0.7753,
        ItemsPerSecond = 473.6,
        Elapsed = TimeSpan.FromSeconds(0.5),
    };

    [Fact]
    public void ToString_EpochProgressAndReport_SayHowItGoesInALine()
    {
        var progress = new TrainingProgress { Epoch = 2, Epochs = 40, Step = 14, Loss = 0.80455, ValidationLoss = 0.61327, Metric = 0.98, MetricName = "accuracy" };
        var report = new TrainingReport
        {
            History = [Epoch with { Epoch = 1 }, Epoch],
            StopReason = StopReason.Completed,
            Steps = 14,
            Elapsed = TimeSpan.FromSeconds(1.26),
            BestEpoch = 2,
            MetricName = "accuracy",
        };
        CultureInfo culture = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
        try
        {
            Epoch.ToString().Should().Be("epoch 2: loss 0.8045, validation 0.6133, metric 0.98, after 14 steps");
            progress.ToString().Should().Be("epoch 2/40, step 14: loss 0.8045, validation 0.6133, accuracy 0.98");
            report.ToString().Should().Be(
                "Completed after 2 epochs, 14 steps, 1.3 s: loss 0.8045, validation 0.6133, accuracy 0.98; best epoch 2");
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void ToString_WithoutValidation_SaysNothingOfIt()
    {
        EpochResult alone = Epoch with { ValidationLoss = null, Metric = null };
        var report = new TrainingReport
        {
            History = [alone],
            StopReason = StopReason.Cancelled,
            Steps = 14,
            Elapsed = TimeSpan.FromSeconds(1),
            MetricName = "accuracy",
        };

        alone.ToString().Should().Be("epoch 2: loss 0.8045, after 14 steps");
        report.ToString().Should().Be("Cancelled after 1 epochs, 14 steps, 1.0 s: loss 0.8045");
        (report with { History = [] }).ToString().Should().Be("Cancelled after 0 epochs, 14 steps, 1.0 s");
    }
}
