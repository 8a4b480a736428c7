namespace Lstm.Data;

/// <summary>The settings of <see cref="ExampleBatches{T}"/>.</summary>
public sealed record ExampleBatchOptions
{
    /// <summary>
    /// The order of the examples in each epoch follows from it; null for the order in which they are given, as for
    /// validation. 0 unless set.
    /// </summary>
    public int? ShuffleSeed { get; init; } = 0;

    /// <summary>
    /// Buckets by length: the examples of this many batches at a time are sorted by length before they are cut into batches, so
    /// that few steps are padding; the batches are then shuffled, if the examples are. 1 for no buckets; 16 unless set. At
    /// least 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int BucketBatches { get; init => field = Guard.Positive(value, nameof(BucketBatches)); } = 16;

    /// <summary>
    /// Whether the examples that remain after the full batches are left out of the epoch; false unless set. It has no effect
    /// if there are fewer examples than a batch.
    /// </summary>
    public bool DropLast { get; init; }
}
