using System.Numerics;

namespace Lstm.Data;

/// <summary>
/// A batch of sequences of tokens to learn from: at each step the input is one token, the target the token after it.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class TokenBatch<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly int[] _targets;
    private readonly T[] _weights;

    internal TokenBatch(int steps, int batch)
    {
        Inputs = new Sequence<T>(steps, batch, 1);
        _targets = new int[steps * batch];
        _weights = new T[steps * batch];
    }

    /// <summary>T × B × 1: the index of the token at each step of each sequence; 0 where the sequence has ended.</summary>
    public Sequence<T> Inputs { get; }

    /// <summary>T·B indices: the token to come at step t of sequence b is at t·B + b; 0 where the sequence has ended.</summary>
    public ReadOnlySpan<int> Targets => _targets;

    /// <summary>T·B weights for the loss, in the order of the targets: 1, or 0 where the sequence has ended.</summary>
    public ReadOnlySpan<T> Weights => _weights;

    /// <summary>The number of targets that count, those of weight 1.</summary>
    public int ValidCount { get; private set; }

    internal ReadOnlyMemory<int> TargetMemory => _targets;

    internal ReadOnlyMemory<T> WeightMemory => _weights;

    /// <summary>Says what the batch is, not what is in it.</summary>
    /// <returns>For example <c>TokenBatch&lt;Single&gt; of 28 steps × 7 sequences, 188 valid</c>.</returns>
    public override string ToString() =>
        $"TokenBatch<{typeof(T).Name}> of {Inputs.Steps} steps × {Inputs.Batch} sequences, {ValidCount} valid";

    /// <summary>Makes it empty again: zeros of weight 0.</summary>
    internal void Clear()
    {
        Inputs.Values.Clear();
        Array.Clear(_targets);
        Array.Clear(_weights);
        ValidCount = 0;
    }

    /// <summary>Writes neighbouring pairs of input and target into one sequence, from its first step on.</summary>
    /// <param name="sequence">b, the sequence.</param>
    /// <param name="tokens">The inputs, and one token more: each is the target of the one before it.</param>
    internal void Fill(int sequence, ReadOnlySpan<int> tokens)
    {
        for (int t = 0; t < tokens.Length - 1; t++)
        {
            int at = (t * Inputs.Batch) + sequence;
            Inputs.Values[at] = T.CreateTruncating(tokens[t]);
            _targets[at] = tokens[t + 1];
            _weights[at] = T.One;
            ValidCount++;
        }
    }
}
