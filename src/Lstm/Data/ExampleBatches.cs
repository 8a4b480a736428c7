using System.Numerics;

namespace Lstm.Data;

/// <summary>
/// Batches of examples of any length: shuffled for each epoch, in buckets of similar length, and padded to the longest of
/// the batch, with a <see cref="Sequence{T}.Mask"/> where they differ.
/// </summary>
/// <remarks>A batch belongs to the source, and the next one overwrites it.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class ExampleBatches<T> : IBatchSource<Batch<T>>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Example<T>[] _examples;
    private readonly int _batch;
    private readonly ExampleBatchOptions _options;
    private readonly ExamplePadding<T> _padding;
    private readonly int[] _order;
    private readonly int[] _starts;

    /// <summary>Makes a source.</summary>
    /// <param name="examples">
    /// The examples; at least one. All have the same features and targets of the same kind: classes or numbers of the
    /// same features, of the whole or at each step.
    /// </param>
    /// <param name="batch">B, the examples in a batch; at least 1. The last may have fewer.</param>
    /// <param name="options">The settings; the defaults if null.</param>
    /// <exception cref="ArgumentNullException">The list or an example is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batch"/> is below 1.</exception>
    /// <exception cref="ArgumentException">The list is empty, or two examples do not fit together.</exception>
    public ExampleBatches(IReadOnlyList<Example<T>> examples, int batch, ExampleBatchOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(examples);
        Guard.Positive(batch);
        Guard.Shape(examples.Count > 0, "a list of at least one example", "empty", nameof(examples));
        (_examples, _batch, _options) = ([.. examples], Math.Min(batch, examples.Count), options ?? new ExampleBatchOptions());
        _padding = new ExamplePadding<T>(_examples);
        _order = new int[_examples.Length];
        int count = _options.DropLast ? _examples.Length / _batch : ((_examples.Length - 1) / _batch) + 1;
        _starts = new int[count];
        Start(0);
    }

    /// <inheritdoc/>
    public int Count => _starts.Length;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of its range.</exception>
    public Batch<T> this[int index]
    {
        get
        {
            Guard.Index(index, Count);
            int start = _starts[index];
            return _padding.Pad(_order.AsSpan(start, Math.Min(_batch, _order.Length - start)));
        }
    }

    /// <inheritdoc/>
    public void Start(int epoch)
    {
        Shuffle.Reset(_order);
        for (int n = 0; n < _starts.Length; n++)
        {
            _starts[n] = n * _batch;
        }

        if (_options.ShuffleSeed is int seed)
        {
            Shuffle.Apply(_order, seed, epoch);
        }

        if (_options.BucketBatches > 1)
        {
            // Those to be dropped stay outside, or they would always be the longest of the last bucket.
            long used = Math.Min((long)_starts.Length * _batch, _order.Length);
            long bucket = Math.Min((long)_options.BucketBatches * _batch, used);
            for (long start = 0; start < used; start += bucket)
            {
                Sort(_order.AsSpan((int)start, (int)Math.Min(bucket, used - start)));
            }

            if (_options.ShuffleSeed is int other)
            {
                Shuffle.Apply(_starts, ~other, epoch);
            }
        }
    }

    /// <summary>Says what there is to learn from.</summary>
    /// <returns>For example <c>ExampleBatches&lt;Single&gt; of 160 examples, 10 batches</c>.</returns>
    public override string ToString() => $"ExampleBatches<{typeof(T).Name}> of {_examples.Length} examples, {Count} batches";

    /// <summary>Sorts by length; of the same length, the first stays first.</summary>
    private void Sort(Span<int> order)
    {
        long[] keys = new long[order.Length];
        for (int n = 0; n < order.Length; n++)
        {
            keys[n] = ((long)_examples[order[n]].Length << 32) | (uint)n;
        }

        keys.AsSpan().Sort(order);
    }
}
