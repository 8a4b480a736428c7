using Lstm.Losses;
using Lstm.Metrics;
using Lstm.Tests.Support;

namespace Lstm.Tests.Metrics;

public class MetricTests
{
    private static readonly LossSum Loss = new(Math.Log(8) * 5, 5, 5);

    /// <summary>Of three steps of two sequences the most likely classes are 2 0, 1 1, 0 2.</summary>
    private static readonly Sequence<float> Predictions = new(
        3, 2, 3, [0, 1, 2, 5, 0, 1, -3, -1, -2, 0, 9, 8, 4, 1, 1, 0, 0, 0.5f]);

    private static readonly int[] Classes = [2, 1, 1, 1, 2, 2]; // right, wrong, right, right, wrong, right

    [Fact]
    public void Value_OfAUniformGuess_IsTheNumberOfTokensAndItsBits()
    {
        // log 8 nats: a perplexity of 8, 3 bits. Rounding of exp and log alone.
        const double rounding = 1e-14;
        new PerplexityMetric<float>().Value(Loss).Should().BeApproximately(8, rounding);
        new BitsPerCharacterMetric<float>().Value(Loss).Should().BeApproximately(3, rounding);
    }

    [Fact]
    public void Accuracy_Weights_CountBySize()
    {
        var metric = new AccuracyMetric<float>();
        metric.Value(Loss).Should().Be(double.NaN, "there is nothing to measure");
        metric.Add(Predictions, Classes, default);
        metric.Value(Loss).Should().Be(4 / 6.0);
        metric.Add(Predictions, Classes, [1, 3, 0, 0, 0, 2]);
        metric.Value(Loss).Should().Be(7 / 12.0, "3 of the 6 more are right");
        metric.Reset();
        metric.Add(Predictions, Classes, [0, 0, 0, 0, 5, 0]);
        metric.Value(Loss).Should().Be(0);
    }

    [Fact]
    public void Accuracy_MaskedPredictions_LeavesOutWhatIsNotThere()
    {
        Sequence<float> masked = Predictions.Clone();
        masked.Mask = StepMask.FromLengths(3, 3, 1); // right, wrong, right, wrong; of all, 4 of 6 are right
        var metric = new AccuracyMetric<float>();
        metric.Add(masked, Classes, default);
        metric.Value(Loss).Should().Be(2 / 4.0);
    }

    [Fact]
    public void F1_ClassesOfDifferentSize_AveragesThemOrTheDecisions()
    {
        // Taken for 2 0 1 1 0 2 where 2 1 1 1 2 2 is right: F1 of 0 is 0 of 2 taken, of 1 it is 2·2 / (3 + 2), of 2 the same.
        var macro = new F1Metric<float>();
        var micro = new F1Metric<float>(F1Average.Micro);
        macro.Value(Loss).Should().Be(double.NaN, "there is nothing to measure");
        macro.Add(Predictions, Classes, default);
        micro.Add(Predictions, Classes, default);
        macro.Value(Loss).Should().BeApproximately((0 + 0.8 + 0.8) / 3, 1e-15);
        micro.Value(Loss).Should().Be(4 / 6.0);
        (macro.Name, micro.Name).Should().Be(("macro F1", "micro F1"));

        // Without the two wrong ones class 0 does not occur.
        macro.Reset();
        macro.Add(Predictions, Classes, [1, 0, 1, 1, 0, 1]);
        macro.Value(Loss).Should().Be(1);
        Refusal.Of<ArgumentOutOfRangeException>(() => macro.Add(Predictions, [3, 0, 0, 0, 0, 0], default), "classes");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new F1Metric<float>((F1Average)2), "average");
    }

    [Fact]
    public void Add_WhatDoesNotFit_IsRefused()
    {
        var metric = new AccuracyMetric<float>();
        Refusal.Of<ArgumentNullException>(() => metric.Add(null!, Classes, default), "predictions");
        Refusal.Of<ArgumentException>(() => metric.Add(Predictions, [1, 2], default), "classes");
        Refusal.Of<ArgumentException>(() => metric.Add(Predictions, Classes, [1]), "weights");
        metric.Invoking(m => m.Add(Predictions, Predictions, default))
            .Should().ThrowExactly<NotSupportedException>().WithMessage("*accuracy*");
    }
}
