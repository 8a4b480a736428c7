using Lstm.Optimizers;

namespace Lstm.Training;

/// <summary>The settings of a <see cref="Trainer{T}"/>.</summary>
public sealed record TrainerOptions
{
    /// <summary>How often the training data are gone through; 10 unless set. At least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Epochs { get; init => field = Guard.Positive(value, nameof(Epochs)); } = 10;

    /// <summary>
    /// The largest norm of all gradients together, to which they are scaled down (<see cref="GradientClipping"/>); null, for
    /// no limit, unless set. Finite, above 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double? ClipNorm { get; init => field = Guard.AboveZero(value, nameof(ClipNorm)); }

    /// <summary>
    /// The largest magnitude of an element of a gradient, to which it is cut; null, for no limit, unless set. Finite, above 0.
    /// With <see cref="ClipNorm"/> as well, the elements are cut first.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double? ClipValue { get; init => field = Guard.AboveZero(value, nameof(ClipValue)); }

    /// <summary>How the learning rate changes; constant unless set.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public Schedule Schedule { get; init => field = Guard.NotNull(value, nameof(Schedule)); } = Schedule.Constant;

    /// <summary>
    /// The steps from one validation to the next within an epoch, besides the one at its end; null, for that alone, unless
    /// set. At least 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? ValidateEverySteps { get; init => field = Guard.Positive(value, nameof(ValidateEverySteps)); }

    /// <summary>What of a validation says which weights are the best; the loss unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public TrainingMonitor Monitor { get; init => field = Guard.Defined(value, nameof(Monitor)); }

    /// <summary>
    /// Early stopping: the validations in a row that may be no better than the best before training ends; null, for any
    /// number, unless set. At least 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? Patience { get; init => field = Guard.Positive(value, nameof(Patience)); }

    /// <summary>By how much a validation must be better than the best to count as better; 0 unless set. Finite, at least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double MinimumImprovement
    {
        get;
        init => field = Guard.InRange(value, 0, double.PositiveInfinity, nameof(MinimumImprovement));
    }

    /// <summary>
    /// Whether the parameters have, after training, the values that did best in validation, and not those of the last step;
    /// true unless set. It has no effect without validation.
    /// </summary>
    public bool RestoreBest { get; init; } = true;

    /// <summary>
    /// A running average of the weights, which is then what is validated and what the parameters have after training; none,
    /// null, unless set.
    /// </summary>
    public AveragingOptions? Averaging { get; init; }

    /// <summary>A file from which an interrupted training goes on; none, null, unless set.</summary>
    public CheckpointOptions? Checkpoint { get; init; }

    /// <summary>
    /// A file that holds the history as comma-separated values, written anew after each epoch; none if null.
    /// </summary>
    public string? HistoryFile { get; init; }
}
