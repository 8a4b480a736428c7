namespace Lstm.Data;

/// <summary>Given batches, in their order or shuffled for each epoch.</summary>
/// <typeparam name="TBatch">A batch.</typeparam>
public sealed class BatchList<TBatch> : IBatchSource<TBatch>
{
    private readonly TBatch[] _batches;
    private readonly int[] _order;
    private readonly int? _seed;

    /// <summary>Makes a source.</summary>
    /// <param name="batches">The batches; at least one. The list is copied, the batches are not.</param>
    /// <param name="shuffleSeed">The orders of the epochs follow from it; if null, every epoch has the order of the list.</param>
    /// <exception cref="ArgumentNullException">The list or a batch is null.</exception>
    /// <exception cref="ArgumentException">The list is empty.</exception>
    public BatchList(IReadOnlyList<TBatch> batches, int? shuffleSeed = null)
    {
        ArgumentNullException.ThrowIfNull(batches);
        Guard.Shape(batches.Count > 0, "a list of at least one batch", "empty", nameof(batches));
        foreach (TBatch batch in batches)
        {
            ArgumentNullException.ThrowIfNull(batch, nameof(batches));
        }

        _batches = [.. batches];
        _order = [.. Enumerable.Range(0, _batches.Length)];
        _seed = shuffleSeed;
        Start(0);
    }

    /// <inheritdoc/>
    public int Count => _batches.Length;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of its range.</exception>
    public TBatch this[int index]
    {
        get
        {
            Guard.Index(index, Count);
            return _batches[_order[index]];
        }
    }

    /// <inheritdoc/>
    public void Start(int epoch)
    {
        if (_seed is int seed)
        {
            Shuffle.Reset(_order);
            Shuffle.Apply(_order, seed, epoch);
        }
    }
}
