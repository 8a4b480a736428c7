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
    /// B, the streams into which the text is cut, to be read side by side; at least 1. Null, unless set, for as many as leave
    /// 100 chunks to an epoch, from 1 to 32. A text that is too short for as many as are set gets fewer.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? BatchSize { get; init => field = Guard.Positive(value, nameof(BatchSize)); }

    /// <summary>
    /// Whether the loss whose gradient is clipped and followed is summed over the steps of a chunk, as in much of the
    /// literature, whose learning rates and limits of the gradient's norm are meant for it; false unless set: it is the mean.
    /// </summary>
    public bool SumsSteps { get; init; }

    /// <summary>
    /// Epochs, clipping, the schedule of the learning rate, early stopping and so on. Null, unless set, for 10 epochs, or as
    /// many as make 2,000 steps if that is more, with the norm of the gradient at most 1 and a learning rate that falls along
    /// a cosine.
    /// </summary>
    public TrainerOptions? Trainer { get; init; }
}
