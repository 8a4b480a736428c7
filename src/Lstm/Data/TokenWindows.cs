using System.Numerics;

namespace Lstm.Data;

/// <summary>
/// Cuts a list of tokens into what a network learns to predict the next token from. N tokens make N − 1 pairs of an
/// input and its target, and each pair occurs exactly once in what these methods return.
/// </summary>
public static class TokenWindows
{
    /// <summary>The largest index of a token: float holds all whole numbers up to the next.</summary>
    private const int LargestToken = (1 << 24) - 1;

    /// <summary>
    /// Cuts the list into windows of T steps, one after the other, and puts them side by side into one batch. Each
    /// window is a sequence of its own that starts from a state of zeros: for short texts, and for texts whose
    /// parts have no connection over more than T steps.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="tokens">N indices of tokens, each from 0 to 16,777,215; at least 2.</param>
    /// <param name="steps">T, the steps of a window; at least 1.</param>
    /// <returns>
    /// ⌈(N − 1) / T⌉ sequences of T steps. Sequence b starts at token b·T. The last may end early: what is missing there
    /// has weight 0.
    /// </returns>
    /// <exception cref="ArgumentException">There are fewer than 2 tokens.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="steps"/> is below 1 or too large for an array, or a token is out of its range.
    /// </exception>
    public static TokenBatch<T> Cut<T>(ReadOnlySpan<int> tokens, int steps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        CheckTokens(tokens, 2, "a pair needs two");
        Guard.Positive(steps);
        int pairs = tokens.Length - 1;
        var windows = new TokenBatch<T>(steps, ((pairs - 1) / steps) + 1);
        for (int b = 0; b < windows.Inputs.Batch; b++)
        {
            int start = b * steps;
            windows.Fill(b, tokens.Slice(start, Math.Min(steps, pairs - start) + 1));
        }

        return windows;
    }

    /// <summary>
    /// Cuts the list into B streams that are read side by side, and these into chunks of T steps, for truncated
    /// backpropagation through time: sequence b of a chunk goes on where sequence b of the chunk before it stopped, so
    /// hand the final state of a chunk to the next as its initial state, and start from zeros at the first.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="tokens">N indices of tokens, each from 0 to 16,777,215; at least B + 1.</param>
    /// <param name="steps">T, the steps of a chunk; at least 1.</param>
    /// <param name="batch">B, the streams; at least 1. With 1 the list is read in its order.</param>
    /// <returns>
    /// The chunks in order, ⌈(N − 1) / B⌉ steps in all, the last chunk shorter if that is not a multiple of T. The first
    /// (N − 1) mod B streams are one step longer than the others, whose last step then has weight 0; nothing of the
    /// list is lost.
    /// </returns>
    /// <exception cref="ArgumentException">There are fewer than B + 1 tokens.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="steps"/> or <paramref name="batch"/> is below 1, or a token is out of its range.
    /// </exception>
    public static IReadOnlyList<TokenBatch<T>> Streams<T>(ReadOnlySpan<int> tokens, int steps, int batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var layout = new StreamLayout(tokens, steps, batch);
        var chunks = new TokenBatch<T>[layout.Chunks];
        for (int n = 0; n < chunks.Length; n++)
        {
            chunks[n] = new TokenBatch<T>(layout.StepsOf(n), batch);
            layout.Fill(n, tokens, chunks[n]);
        }

        return chunks;
    }

    internal static void CheckTokens(ReadOnlySpan<int> tokens, long least, string why)
    {
        Guard.Shape(tokens.Length >= least, $"at least {least} tokens ({why})", $"{tokens.Length}", nameof(tokens));
        for (int n = 0; n < tokens.Length; n++)
        {
            if (tokens[n] is < 0 or > LargestToken)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(tokens), tokens[n], $"tokens must be from 0 to {LargestToken}, but element {n} is {tokens[n]}.");
            }
        }
    }
}
