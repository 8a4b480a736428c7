namespace Lstm.Training;

/// <summary>Why a training ended.</summary>
public enum StopReason
{
    /// <summary>All epochs are done.</summary>
    Completed,

    /// <summary>The validations had not become better for too long.</summary>
    NoImprovement,

    /// <summary>It was asked to stop.</summary>
    Cancelled,
}
