using System.Globalization;

namespace Lstm.Training;

/// <summary>The result of a training.</summary>
public sealed record TrainingReport
{
    /// <summary>The epochs that were finished, those before a resumption included.</summary>
    public required IReadOnlyList<EpochResult> History { get; init; }

    /// <summary>Why it ended.</summary>
    public required StopReason StopReason { get; init; }

    /// <summary>The steps that were taken, those before a resumption included.</summary>
    public required long Steps { get; init; }

    /// <summary>The step that it went on from, if it was resumed from a checkpoint; 0 if not.</summary>
    public long ResumedAtStep { get; init; }

    /// <summary>The time it took, since it began or was resumed.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>The epoch, from 1, whose validation (or one in its middle) was the best; null without validation.</summary>
    public int? BestEpoch { get; init; }

    /// <summary>The loss, or the metric if that is what was watched, of the best validation; null without validation.</summary>
    public double? BestScore { get; init; }

    /// <summary>What the metric is called; null if there is none.</summary>
    public string? MetricName { get; init; }

    /// <summary>Says how the training went, in the invariant culture.</summary>
    /// <returns>
    /// For example <c>Completed after 40 epochs, 280 steps, 11.4 s: loss 0.0008, validation 0.0007, accuracy 1; best epoch 39</c>.
    /// </returns>
    public override string ToString()
    {
        string scores = History is [.., EpochResult last]
            ? ": " + EpochResult.Scores(last.Loss, last.ValidationLoss, last.Metric, MetricName)
            : string.Empty;
        string best = BestEpoch is null ? string.Empty : $"; best epoch {BestEpoch}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{StopReason} after {History.Count} epochs, {Steps} steps, {Elapsed.TotalSeconds:F1} s{scores}{best}");
    }

    /// <summary>
    /// Writes the history as comma-separated values: a line of names, then a line for each epoch, in the invariant culture;
    /// a field that does not apply is empty.
    /// </summary>
    /// <param name="writer">Where it is written.</param>
    /// <exception cref="ArgumentNullException"><paramref name="writer"/> is null.</exception>
    public void WriteCsv(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        string metric = (MetricName ?? "metric").Replace(' ', '_');
        writer.Write($"epoch,steps,loss,validation_loss,{metric},learning_rate,gradient_norm,items_per_second,seconds\n");
        foreach (EpochResult epoch in History)
        {
            writer.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"{epoch.Epoch},{epoch.Steps},{epoch.Loss:R},{epoch.ValidationLoss:R},{epoch.Metric:R},{epoch.LearningRate:R},{epoch.GradientNorm:R},{epoch.ItemsPerSecond:F1},{epoch.Elapsed.TotalSeconds:F3}\n"));
        }
    }
}
