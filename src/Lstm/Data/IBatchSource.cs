namespace Lstm.Data;

/// <summary>
/// The batches of an epoch, epoch after epoch. Their order follows from the source's own settings and the number of the
/// epoch alone, so that a place in the training is two numbers, the epoch and the index in it, and nothing else need be
/// saved to go on from there.
/// </summary>
/// <typeparam name="TBatch">A batch.</typeparam>
public interface IBatchSource<out TBatch>
{
    /// <summary>The batches of the epoch that was started last, or of the first if none was; at least 1.</summary>
    int Count { get; }

    /// <summary>A batch of the epoch that was started last.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1, in any order.</param>
    /// <returns>The batch. It may belong to the source: the next call may overwrite it.</returns>
    TBatch this[int index] { get; }

    /// <summary>Puts the batches into the order of an epoch.</summary>
    /// <param name="epoch">The epoch, from 0.</param>
    void Start(int epoch);
}
