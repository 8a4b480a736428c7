using System.Numerics;

namespace Lstm.Data;

/// <summary>
/// Pairs of token sequences, batch by batch. Pairs of about the same lengths come together, so that little is padding.
/// </summary>
/// <remarks>
/// In each epoch the pairs are shuffled, then sorted by length within groups of <see cref="GroupBatches"/> batches, cut, and
/// the batches are shuffled. All of it follows only from the seed and the epoch's number.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class PairBatches<T> : IBatchSource<PairBatch<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The batches of pairs that are sorted by length together.</summary>
    public const int GroupBatches = 50;

    private readonly TokenPair[] _pairs;
    private readonly int _batchSize;
    private readonly int _boundary;
    private readonly bool _reverseSource;
    private readonly int? _shuffleSeed;
    private TokenPair[][] _batches = [];

    /// <summary>Makes the source, and starts its first epoch.</summary>
    /// <param name="pairs">The pairs; at least one.</param>
    /// <param name="batchSize">B, the pairs in a batch; at least 1. The last one may have fewer.</param>
    /// <param name="boundary">The token before the first and after the last of a target; at least 0.</param>
    /// <param name="reverseSource">Whether each source is laid out from its last token to its first.</param>
    /// <param name="shuffleSeed">What the order follows from; the same order in each epoch, by length, if null.</param>
    /// <exception cref="ArgumentNullException">The list or a pair is null.</exception>
    /// <exception cref="ArgumentException">The list is empty, or a source has no token.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public PairBatches(
        IReadOnlyList<TokenPair> pairs, int batchSize, int boundary, bool reverseSource = false, int? shuffleSeed = null)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        Guard.Shape(pairs.Count > 0, "of at least one pair", "empty", nameof(pairs));
        Guard.Positive(batchSize);
        Guard.NotNegative(boundary);
        for (int n = 0; n < pairs.Count; n++)
        {
            ArgumentNullException.ThrowIfNull(pairs[n], nameof(pairs));
            Guard.Shape(pairs[n].Source.Count > 0, "sources of at least one token", $"without any at {n}", nameof(pairs));
        }

        _pairs = [.. pairs];
        (_batchSize, _boundary, _reverseSource, _shuffleSeed) = (batchSize, boundary, reverseSource, shuffleSeed);
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
            _batches = [.. ByLength(_pairs).Chunk(_batchSize)];
            return;
        }

        TokenPair[] pairs = [.. _pairs];
        Shuffle.Apply<TokenPair>(pairs, seed, epoch);
        int group = Math.Min(_batchSize, Array.MaxLength / GroupBatches) * GroupBatches;
        _batches = [.. pairs.Chunk(group).SelectMany(some => ByLength(some).Chunk(_batchSize))];
        Shuffle.Apply<TokenPair[]>(_batches, ~seed, epoch);
    }

    /// <summary>Stable: pairs of the same lengths stay in the order in which they were.</summary>
    private static IEnumerable<TokenPair> ByLength(TokenPair[] pairs) =>
        pairs.OrderBy(pair => pair.Source.Count).ThenBy(pair => pair.Target.Count);
}
