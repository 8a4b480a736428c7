using System.Globalization;

namespace Lstm.Training;

/// <summary>The result of an epoch.</summary>
public sealed record EpochResult
{
    /// <summary>The epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>The steps that had been taken at its end, since the training began.</summary>
    public required long Steps { get; init; }

    /// <summary>The mean loss of its batches, each computed with the weights of its step.</summary>
    public required double Loss { get; init; }

    /// <summary>The loss of the validation at its end; null without validation.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The metric of that validation; null without one.</summary>
    public double? Metric { get; init; }

    /// <summary>The learning rate of its last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>The mean of the norms of all gradients together, before they were limited.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>The items that were worked on a second, validation not included.</summary>
    public required double ItemsPerSecond { get; init; }

    /// <summary>The time of its steps, validation not included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Says how the epoch went, in the invariant culture.</summary>
    /// <returns>For example <c>epoch 3: loss 0.5092, validation 0.3504, metric 0.98, after 21 steps</c>.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"epoch {Epoch}: {Scores(Loss, ValidationLoss, Metric, "metric")}, after {Steps} steps");

    /// <summary>Losses and a metric, of which only the first must be there.</summary>
    internal static string Scores(double loss, double? validation, double? metric, string? metricName) => string.Create(
        CultureInfo.InvariantCulture,
        $"loss {loss:G4}{(validation is null ? null : ", validation ")}{validation:G4}{(metric is null ? null : $", {metricName} ")}{metric:G4}");
}
