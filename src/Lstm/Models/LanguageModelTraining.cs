using Lstm.Training;

namespace Lstm.Models;

/// <summary>How a <see cref="LanguageModel{T}"/> is trained.</summary>
public sealed record LanguageModelTraining
{
    /// <summary>
    /// T, the steps over which gradients run back; at least 1, and 64 unless set. The state is carried on from chunk to
    /// chunk all the same (truncated backpropagation through time).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Steps { get; init => field = Guard.Positive(value, nameof(Steps)); } = 64;

    /// <summary>
    /// B, the streams into which the text is cut, to be read side by side; at least 1, and 32 unless set. A text that is
    /// too short for so many gets fewer.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int BatchSize { get; init => field = Guard.Positive(value, nameof(BatchSize)); } = 32;

    /// <summary>
    /// Whether the loss whose gradient is clipped and followed is summed over the steps of a chunk, as in much of the
    /// literature, whose learning rates and limits of the gradient's norm are meant for it; false unless set: it is the mean.
    /// </summary>
    public bool SumsSteps { get; init; }

    /// <summary>
    /// Epochs, clipping, the schedule of the learning rate, early stopping and so on: unless set 10 epochs, with the norm of
    /// the gradient at most 1 and a learning rate that falls along a cosine.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public TrainerOptions Trainer
    {
        get;
        init => field = Guard.NotNull(value, nameof(Trainer));
    } = new() { Epochs = 10, ClipNorm = 1, Schedule = new Optimizers.CosineSchedule { FinalFactor = 0.05 } };
}
