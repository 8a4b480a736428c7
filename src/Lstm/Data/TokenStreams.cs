using System.Numerics;

namespace Lstm.Data;

/// <summary>
/// A long text as B streams that are read side by side, in chunks of T steps, for truncated backpropagation through time:
/// the chunks of <see cref="TokenWindows.Streams"/>, but made one at a time, so that the text is in memory only once.
/// Every epoch has the same order.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TokenStreams<T> : IBatchSource<Batch<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlyMemory<int> _tokens;
    private readonly StreamLayout _layout;
    private readonly (TokenBatch<T> Tokens, Batch<T> Batch) _whole;
    private readonly (TokenBatch<T> Tokens, Batch<T> Batch) _last;

    /// <summary>Makes a source.</summary>
    /// <param name="tokens">N indices of tokens, each from 0 to 16,777,215; at least B + 1. They are not copied.</param>
    /// <param name="steps">T, the steps of a chunk; at least 1.</param>
    /// <param name="batch">B, the streams; at least 1. With 1 the text is read in its order.</param>
    /// <exception cref="ArgumentException">There are fewer than B + 1 tokens.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="steps"/> or <paramref name="batch"/> is below 1, or a token is out of its range.
    /// </exception>
    public TokenStreams(ReadOnlyMemory<int> tokens, int steps, int batch)
    {
        _layout = new StreamLayout(tokens.Span, steps, batch);
        _tokens = tokens;
        _last = Empty(_layout.StepsOf(Count - 1), batch);
        _whole = Count == 1 ? _last : Empty(steps, batch);
    }

    /// <summary>The number of chunks.</summary>
    public int Count => _layout.Chunks;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of its range.</exception>
    public Batch<T> this[int index]
    {
        get
        {
            Guard.Index(index, Count);
            (TokenBatch<T> tokens, Batch<T> batch) = index == Count - 1 ? _last : _whole;
            tokens.Clear();
            _layout.Fill(index, _tokens.Span, tokens);
            return batch;
        }
    }

    /// <inheritdoc/>
    public void Start(int epoch)
    {
        // Streams that go on from chunk to chunk have one order.
    }

    /// <summary>Says what there is to learn from.</summary>
    /// <returns>For example <c>TokenStreams&lt;Single&gt; of 12000 tokens, 38 batches</c>.</returns>
    public override string ToString() => $"TokenStreams<{typeof(T).Name}> of {_tokens.Length} tokens, {Count} batches";

    private static (TokenBatch<T> Tokens, Batch<T> Batch) Empty(int steps, int batch)
    {
        var tokens = new TokenBatch<T>(steps, batch);
        return (tokens, Batch<T>.Of(tokens));
    }
}
