namespace Lstm.Training;

/// <summary>What a <see cref="TrainingProgress"/> tells of.</summary>
public enum TrainingEvent
{
    /// <summary>A step was taken.</summary>
    Step,

    /// <summary>The model was measured on the validation data.</summary>
    Validation,

    /// <summary>An epoch ended, its validation included.</summary>
    Epoch,
}
