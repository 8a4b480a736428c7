namespace Lstm.Training;

/// <summary>What of a validation says which weights are the best.</summary>
public enum TrainingMonitor
{
    /// <summary>The loss, the lower the better.</summary>
    Loss,

    /// <summary>The metric of the objective, which says itself whether higher or lower is better.</summary>
    Metric,
}
