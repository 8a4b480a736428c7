using System.Numerics;

namespace Lstm.Data;

/// <summary>
/// Where the tokens of a list are when it is read as B parallel streams, in chunks of T steps. N tokens are N − 1
/// pairs; the first (N − 1) mod B streams have one pair more than the others.
/// </summary>
internal readonly struct StreamLayout
{
    private readonly int _steps;
    private readonly int _batch;
    private readonly int _shorter;
    private readonly int _longer;
    private readonly int _length;

    /// <summary>Checks the tokens and the sizes.</summary>
    public StreamLayout(ReadOnlySpan<int> tokens, int steps, int batch)
    {
        Guard.Positive(steps);
        Guard.Positive(batch);
        TokenWindows.CheckTokens(tokens, batch + 1L, "a pair for each stream");
        (_steps, _batch) = (steps, batch);
        (_shorter, _longer) = Math.DivRem(tokens.Length - 1, batch);
        _length = _longer > 0 ? _shorter + 1 : _shorter;
        Chunks = ((_length - 1) / steps) + 1;
    }

    /// <summary>The number of chunks, the last of which may be shorter.</summary>
    public int Chunks { get; }

    /// <summary>The steps of a chunk.</summary>
    public int StepsOf(int chunk) => Math.Min(_steps, _length - (chunk * _steps));

    /// <summary>Writes a chunk into a batch of its steps that is empty.</summary>
    public void Fill<T>(int chunk, ReadOnlySpan<int> tokens, TokenBatch<T> batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int start = chunk * _steps;
        for (int b = 0; b < _batch; b++)
        {
            int first = (b * _shorter) + Math.Min(b, _longer) + start;
            int left = (b < _longer ? _shorter + 1 : _shorter) - start;
            batch.Fill(b, tokens.Slice(first, Math.Min(batch.Inputs.Steps, left) + 1));
        }
    }
}
