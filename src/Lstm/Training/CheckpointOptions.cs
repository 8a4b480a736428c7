namespace Lstm.Training;

/// <summary>
/// The settings of checkpoints: a file that holds all that a training needs to go on as if it had never stopped, and replaces
/// the one before it as a whole.
/// </summary>
/// <remarks>
/// There is always a checkpoint after the last step, and when a training is cancelled. In between there is one as often as
/// <see cref="EverySteps"/> and <see cref="Every"/> say; if neither does, after each epoch.
/// </remarks>
public sealed record CheckpointOptions
{
    /// <summary>Makes the settings of a file.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <exception cref="ArgumentException">The path is null or empty.</exception>
    public CheckpointOptions(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = path;
    }

    /// <summary>The file. While it is written, there is another beside it, whose name ends with <c>.tmp</c>.</summary>
    public string Path { get; }

    /// <summary>The steps from one checkpoint to the next; null unless set. At least 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? EverySteps { get; init => field = Guard.Positive(value, nameof(EverySteps)); }

    /// <summary>The time from one checkpoint to the next step that is followed by one; null unless set. At least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan? Every
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value ?? TimeSpan.Zero, TimeSpan.Zero, nameof(Every));
            field = value;
        }
    }

    /// <summary>
    /// Whether a training goes on from the file if there is one; true unless set. If not, it begins anew and replaces the file.
    /// </summary>
    public bool Resume { get; init; } = true;
}
