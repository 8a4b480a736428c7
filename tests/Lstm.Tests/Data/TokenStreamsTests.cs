using Lstm.Data;
using Lstm.Tests.Support;

namespace Lstm.Tests.Data;

public class TokenStreamsTests
{
    [Theory]
    [InlineData(100, 7, 3)]
    [InlineData(101, 7, 3)]
    [InlineData(4, 9, 3)]
    [InlineData(5, 1, 4)]
    [InlineData(22, 7, 3)]
    [InlineData(23, 7, 3)]
    public void Item_InAnyOrder_EqualsTheChunksMadeAtOnce(int tokens, int steps, int batch)
    {
        int[] text = [.. Enumerable.Range(0, tokens).Select(n => n * 7 % 31)];
        IReadOnlyList<TokenBatch<float>> chunks = TokenWindows.Streams<float>(text, steps, batch);
        var source = new TokenStreams<float>(text, steps, batch);
        source.Count.Should().Be(chunks.Count);
        foreach (int n in Enumerable.Range(0, chunks.Count).Reverse().Concat(Enumerable.Range(0, chunks.Count)))
        {
            Batch<float> chunk = source[n];
            chunk.Inputs.ToString().Should().Be(chunks[n].Inputs.ToString());
            chunk.Inputs.Values.ToArray().Should().Equal(chunks[n].Inputs.Values.ToArray());
            chunk.Classes.ToArray().Should().Equal(chunks[n].Targets.ToArray());
            chunk.Weights.ToArray().Should().Equal(chunks[n].Weights.ToArray());
        }
    }

    [Fact]
    public void Constructor_WhatCannotBe_IsRefused()
    {
        Refusal.Of<ArgumentException>(() => _ = new TokenStreams<float>(new int[] { 1, 2, 3 }, 1, 3), "tokens", "at least 4");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new TokenStreams<float>(new int[] { 1, 2, 3 }, 0, 1), "steps");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new TokenStreams<float>(new int[] { 1, 2, 3 }, 1, 0), "batch");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new TokenStreams<float>(new int[] { 1, -2, 3 }, 1, 1), "tokens");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new TokenStreams<float>(new int[] { 1, 2, 3 }, 1, 1)[2], "index");
    }
}
