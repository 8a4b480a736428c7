using System.Numerics;

namespace Lstm.Data;

/// <summary>
/// Pairs of token sequences, batch by batch. Pairs of about the same lengths come together, so that little is padding.
/// </summary>
/// <remarks>
/// In each epoch the pairs are shuffled, then sorted by length within buckets of 50 batches, cut, and
/// the batches are shuffled. All of it follows only from the seed and the epoch's number.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class PairBatches<T> : IBatchSource<PairBatch<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The batches of pairs that are sorted by length together.</summary>
    internal const int BucketBatches = 50;

    private readonly TokenPair[] _pairs;
    private readonly int _batch;
    private readonly int _boundary;
    private readonly bool _reverseSource;
    private readonly int? _shuffleSeed;
    private TokenPair[][] _batches = [];

    /// <summary>Makes the source, and starts its first epoch.</summary>
    /// <param name="pairs">The pairs; at least one.</param>
    /// <param name="batch">B, the pairs in a batch; at least 1. The last one may have fewer.</param>
    /// <param name="boundary">The token before the first and after the last of a target; at least 0.</param>
    /// <param name="reverseSource">Whether each source is laid out from its last token to its first.</param>
    /// <param name="shuffleSeed">What the order follows from; the same order in each epoch, by length, if null.</param>
    /// <exception cref="ArgumentNullException">The list or a pair is null.</exception>
    /// <exception cref="ArgumentException">The list is empty, or a source has no token.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public PairBatches(
        IReadOnlyList<TokenPair> pairs, int batch, int boundary, bool reverseSource = false, int? shuffleSeed = null)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        Guard.Shape(pairs.Count > 0, "of at least one pair", "empty", nameof(pairs));
        Guard.Positive(batch);
        Guard.NotNegative(boundary);
        for (int n = 0; n < pairs.Count; n++)
        {
            ArgumentNullException.ThrowIfNull(pairs[n], nameof(pairs));
            Guard.Shape(pairs[n].Source.Count > 0, "sources of at least one token", $"without any at {n}", nameof(pairs));
        }

        _pairs = [.. pairs];
        (_batch, _boundary, _reverseSource, _shuffleSeed) = (batch, boundary, reverseSource, shuffleSeed);
        Start(0);
    }

    /// <inheritdoc/>
    public int Count => _batches.Length;

    /// <inheritdoc/>
    public PairBatch<T> this[int index]
    {
        get
        {
            Guard.Index(index, Count);
            return PairBatch<T>.Of(_batches[index], _boundary, _reverseSource);
        }
    }

    /// <inheritdoc/>
    public void Start(int epoch)
    {
        Guard.NotNegative(epoch);
        if (_shuffleSeed is not { } seed)
        {
            _batches = [.. ByLength(_pairs).Chunk(_batch)];
            return;
        }

        TokenPair[] pairs = [.. _pairs];
        Shuffle.Apply<TokenPair>(pairs, seed, epoch);
        int bucket = Math.Min(_batch, Array.MaxLength / BucketBatches) * BucketBatches;
        _batches = [.. pairs.Chunk(bucket).SelectMany(some => ByLength(some).Chunk(_batch))];
        Shuffle.Apply<TokenPair[]>(_batches, ~seed, epoch);
    }

    /// <summary>Says what there is to learn from.</summary>
    /// <returns>For example <c>PairBatches&lt;Single&gt; of 3500 pairs, 110 batches</c>.</returns>
    public override string ToString() => $"PairBatches<{typeof(T).Name}> of {_pairs.Length} pairs, {Count} batches";

    /// <summary>Stable: pairs of the same lengths stay in the order in which they were.</summary>
    private static IEnumerable<TokenPair> ByLength(TokenPair[] pairs) =>
        pairs.OrderBy(pair => pair.Source.Count).ThenBy(pair => pair.Target.Count);
}
