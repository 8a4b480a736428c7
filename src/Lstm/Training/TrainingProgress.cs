namespace Lstm.Training;

/// <summary>Where a training is and how it goes.</summary>
public readonly record struct TrainingProgress
{
    /// <summary>What has just happened.</summary>
    public TrainingEvent Event { get; init; }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; init; }

    /// <summary>The epochs that there are to be.</summary>
    public int Epochs { get; init; }

    /// <summary>The steps that have been taken since the training began.</summary>
    public long Step { get; init; }

    /// <summary>The steps that have been taken in this epoch.</summary>
    public int StepInEpoch { get; init; }

    /// <summary>The steps of this epoch.</summary>
    public int StepsInEpoch { get; init; }

    /// <summary>The mean loss of this epoch so far.</summary>
    public double Loss { get; init; }

    /// <summary>The loss of the latest step.</summary>
    public double StepLoss { get; init; }

    /// <summary>The loss of the latest validation; null if there was none.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The metric of the latest validation; null if there was none, or if the objective has none.</summary>
    public double? Metric { get; init; }

    /// <summary>What the metric is called; null if there is none.</summary>
    public string? MetricName { get; init; }

    /// <summary>
    /// The norm of all gradients together at the latest step, before it was limited by
    /// <see cref="TrainerOptions.ClipNorm"/>.
    /// </summary>
    public double GradientNorm { get; init; }

    /// <summary>The learning rate of the latest step.</summary>
    public double LearningRate { get; init; }

    /// <summary>How many items a second this epoch's steps have worked on.</summary>
    public double ItemsPerSecond { get; init; }

    /// <summary>What the items are, in the plural.</summary>
    public string ItemName { get; init; }

    /// <summary>The time since the training began, or was resumed.</summary>
    public TimeSpan Elapsed { get; init; }

    /// <summary>The time that the steps left will take if they take as long as those so far, validations included.</summary>
    public TimeSpan TimeLeft { get; init; }

    /// <summary>Says where the training is, in the invariant culture.</summary>
    /// <returns>For example <c>epoch 3/40, step 21: loss 0.5092, validation 0.3504, accuracy 0.98</c>.</returns>
    public override string ToString() =>
        $"epoch {Epoch}/{Epochs}, step {Step}: {EpochResult.Scores(Loss, ValidationLoss, Metric, MetricName)}";
}
