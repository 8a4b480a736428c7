using System.Numerics;

namespace Lstm.Data;

/// <summary>
/// A batch of pairs of token sequences, source and target, laid out for an encoder that reads the sources and a decoder that
/// is given the targets, one step late, and is to predict them.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class PairBatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _classes;
    private readonly T[] _weights;

    private PairBatch(Sequence<T> source, int targetSteps)
    {
        Source = source;
        Target = new Sequence<T>(targetSteps, source.Batch, 1);
        _classes = new int[targetSteps * source.Batch];
        _weights = new T[targetSteps * source.Batch];
    }

    /// <summary>S × B × 1: the tokens of the sources as the encoder reads them, with a mask if they differ in length.</summary>
    public Sequence<T> Source { get; }

    /// <summary>T × B × 1: the boundary, then the tokens of the target; 0 after its end.</summary>
    public Sequence<T> Target { get; }

    /// <summary>
    /// T·B indices: what is to be predicted at step t of pair b is at t·B + b: the tokens of the target, then the
    /// boundary.
    /// </summary>
    public ReadOnlySpan<int> Classes => _classes;

    /// <summary>T·B weights for the loss, in the order of the classes: 1 up to the boundary after a target, then 0.</summary>
    public ReadOnlySpan<T> Weights => _weights;

    /// <summary>The number of steps of weight 1.</summary>
    public int ValidCount { get; private set; }

    /// <summary>Lays out pairs.</summary>
    /// <param name="pairs">The pairs; at least one.</param>
    /// <param name="boundary">The token before the first and after the last of a target; at least 0.</param>
    /// <param name="reverseSource">Whether each source is laid out from its last token to its first.</param>
    /// <returns>A batch with as many steps as the longest source and target need.</returns>
    /// <exception cref="ArgumentNullException">The list or a pair is null.</exception>
    /// <exception cref="ArgumentException">The list is empty, or a source has no token.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="boundary"/> is negative.</exception>
    public static PairBatch<T> Of(IReadOnlyList<TokenPair> pairs, int boundary, bool reverseSource = false)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        Guard.NotNegative(boundary);
        foreach (TokenPair pair in pairs)
        {
            ArgumentNullException.ThrowIfNull(pair, nameof(pairs));
        }

        Sequence<T> source = LayOutSources([.. pairs.Select(pair => pair.Source)], reverseSource);
        var batch = new PairBatch<T>(source, pairs.Max(pair => pair.Target.Count) + 1);
        for (int b = 0; b < pairs.Count; b++)
        {
            batch.LayOutTarget(b, pairs[b].Target, boundary);
        }

        return batch;
    }

    /// <summary>Lays out only the sources.</summary>
    /// <param name="sources">The tokens of each source; at least one source, and one token in each.</param>
    /// <param name="reverse">Whether each is laid out from its last token to its first.</param>
    /// <returns>S × B × 1, with a mask if they differ in length.</returns>
    /// <exception cref="ArgumentNullException">The list or a source is null.</exception>
    /// <exception cref="ArgumentException">The list is empty, or a source has no token.</exception>
    public static Sequence<T> LayOutSources(IReadOnlyList<IReadOnlyList<int>> sources, bool reverse)
    {
        ArgumentNullException.ThrowIfNull(sources);
        Guard.Shape(sources.Count > 0, "of at least one source", "empty", nameof(sources));
        int[] lengths = [.. sources.Select(LengthOf)];
        var sequence = new Sequence<T>(lengths.Max(), sources.Count, 1);
        for (int b = 0; b < lengths.Length; b++)
        {
            for (int t = 0; t < lengths[b]; t++)
            {
                int token = sources[b][reverse ? lengths[b] - 1 - t : t];
                sequence.Values[(t * lengths.Length) + b] = T.CreateTruncating(token);
            }
        }

        if (lengths.Min() < lengths.Max())
        {
            sequence.Mask = StepMask.FromLengths(sequence.Steps, lengths);
        }

        return sequence;
    }

    /// <summary>Says what the batch is, not what is in it.</summary>
    /// <returns>For example <c>PairBatch&lt;Single&gt; of 7 → 5 steps × 128 pairs</c>.</returns>
    public override string ToString() =>
        $"PairBatch<{typeof(T).Name}> of {Source.Steps} → {Target.Steps} steps × {Source.Batch} pairs";

    private static int LengthOf(IReadOnlyList<int> source, int index)
    {
        ArgumentNullException.ThrowIfNull(source, "sources");
        Guard.Shape(source.Count > 0, "sources of at least one token", $"without any at {index}", "sources");
        return source.Count;
    }

    private void LayOutTarget(int pair, IReadOnlyList<int> target, int boundary)
    {
        for (int t = 0; t <= target.Count; t++)
        {
            int at = (t * Target.Batch) + pair;
            Target.Values[at] = T.CreateTruncating(t == 0 ? boundary : target[t - 1]);
            _classes[at] = t == target.Count ? boundary : target[t];
            _weights[at] = T.One;
            ValidCount++;
        }
    }
}
