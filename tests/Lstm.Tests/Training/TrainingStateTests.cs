using Lstm.Losses;
using Lstm.Training;

namespace Lstm.Tests.Training;

public class TrainingStateTests
{
    [Fact]
    public void Restore_WhatWasSaved_IsAllOfIt()
    {
        TrainingState state = new()
        {
            Epoch = 3,
            Index = 4,
            Batches = 6,
            Step = 22,
            EpochLoss = new LossSum(7.5, 8.25, 9),
            EpochNorms = 10.5,
            LearningRate = 0.125,
            EpochSeconds = 11.5,
            ValidatedStep = 21,
            ValidationLoss = 0.75,
            Metric = 0.625,
        };
        state.Add(0.5, minimumImprovement: 0).Should().BeTrue();
        state.Add(0.25, minimumImprovement: 0).Should().BeTrue();
        state.Add(0.75, minimumImprovement: 0).Should().BeFalse();
        state.History.Add(Epoch(1, null));
        state.History.Add(Epoch(2, 0.375));
        Snapshot<float> snapshot = new();
        state.Save(snapshot);
        TrainingState restored = new();
        restored.Add(1, minimumImprovement: 0);
        restored.History.Add(Epoch(5, 3));

        restored.Restore(snapshot);

        restored.Should().BeEquivalentTo(state);
        restored.Best.Should().Be(1);
        restored.BestEpoch.Should().Be(3);
    }

    private static EpochResult Epoch(int number, double? validation) => new()
    {
        Epoch = number,
        Steps = 6 * number,
        Loss = 1.5 + number,
        ValidationLoss = validation,
        Metric = validation + 1,
        LearningRate = 0.5 / number,
        GradientNorm = 2.5 + number,
        ItemsPerSecond = 3.5 + number,
        Elapsed = TimeSpan.FromSeconds(number + 0.5),
    };
}
