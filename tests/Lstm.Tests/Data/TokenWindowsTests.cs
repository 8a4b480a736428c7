using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using Lstm.Data;
using Lstm.Tests.Support;

namespace Lstm.Tests.Data;

public class TokenWindowsTests
{
    [Fact]
    public void Cut_LastWindowShorter_IsPaddedWithWeightZero()
    {
        TokenBatch<float> windows = TokenWindows.Cut<float>([10, 11, 12, 13, 14, 15], steps: 3);

        // Windows 10 11 12 → 11 12 13 and 13 14 – → 14 15 –, stored step by step.
        windows.Inputs.Steps.Should().Be(3);
        windows.Inputs.Batch.Should().Be(2);
        windows.Inputs.Features.Should().Be(1);
        windows.Inputs.Values.ToArray().Should().Equal(10, 13, 11, 14, 12, 0);
        windows.Targets.ToArray().Should().Equal(11, 14, 12, 15, 13, 0);
        windows.Weights.ToArray().Should().Equal(1, 1, 1, 1, 1, 0);
        windows.ValidCount.Should().Be(5);
    }

    [Theory]
    [InlineData(2, 1, 1)]
    [InlineData(2, 5, 1)]
    [InlineData(5, 4, 1)]
    [InlineData(6, 4, 2)]
    [InlineData(9, 4, 2)]
    [InlineData(189, 28, 7)]
    public void Cut_Length_MakesAsManyWindowsAsAreNeeded(int tokens, int steps, int windows)
    {
        TokenBatch<double> batch = TokenWindows.Cut<double>(Count(tokens), steps);

        batch.Inputs.Steps.Should().Be(steps);
        batch.Inputs.Batch.Should().Be(windows);
        batch.ValidCount.Should().Be(tokens - 1);
    }

    [Fact]
    public void Streams_UnevenLength_SharesTheRestAmongTheFirstStreams()
    {
        IReadOnlyList<TokenBatch<float>> chunks = TokenWindows.Streams<float>(Count(12), steps: 2, batch: 3);

        // 11 pairs: streams of 4, 4 and 3, from 0, 4 and 8 on.
        chunks.Should().HaveCount(2);
        chunks[0].Inputs.Values.ToArray().Should().Equal(0, 4, 8, 1, 5, 9);
        chunks[0].Targets.ToArray().Should().Equal(1, 5, 9, 2, 6, 10);
        chunks[0].Weights.ToArray().Should().Equal(1, 1, 1, 1, 1, 1);
        chunks[1].Inputs.Values.ToArray().Should().Equal(2, 6, 10, 3, 7, 0);
        chunks[1].Targets.ToArray().Should().Equal(3, 7, 11, 4, 8, 0);
        chunks[1].Weights.ToArray().Should().Equal(1, 1, 1, 1, 1, 0);
    }

    [Fact]
    public void Streams_LastChunkShorter_HasFewerSteps()
    {
        IReadOnlyList<TokenBatch<float>> chunks = TokenWindows.Streams<float>(Count(11), steps: 4, batch: 1);

        chunks.Select(chunk => chunk.Inputs.Steps).Should().Equal(4, 4, 2);
        chunks.SelectMany(chunk => chunk.Targets.ToArray()).Should().Equal(Enumerable.Range(1, 10));
    }

    [Fact]
    public void Streams_OneStepMoreInSomeStreams_EndsWithAChunkOfThatStep()
    {
        TokenBatch<float> last = TokenWindows.Streams<float>(Count(6), steps: 2, batch: 2)[^1];

        last.Inputs.Steps.Should().Be(1);
        last.Inputs.Values.ToArray().Should().Equal(2, 0);
        last.Weights.ToArray().Should().Equal(1, 0);
    }

    [Fact]
    public void CutAndStreams_AnySizes_HaveEachPairOnce() =>
        Prop.ForAll(
            Gen.Choose(2, 60).ToArbitrary(),
            Gen.Choose(1, 12).ToArbitrary(),
            Gen.Choose(1, 8).ToArbitrary(),
            (tokens, steps, batch) =>
            {
                batch = Math.Min(batch, tokens - 1);
                IEnumerable<int> expected = Enumerable.Range(0, tokens - 1);

                ValidInputs(TokenWindows.Cut<float>(Count(tokens), steps)).Order().Should().Equal(expected);
                TokenWindows.Streams<float>(Count(tokens), steps, batch).SelectMany(chunk => ValidInputs(chunk)).Order()
                    .Should().Equal(expected);
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void Streams_AnySizes_GoOnFromChunkToChunk() =>
        Prop.ForAll(
            Gen.Choose(2, 60).ToArbitrary(),
            Gen.Choose(1, 12).ToArbitrary(),
            Gen.Choose(1, 8).ToArbitrary(),
            (tokens, steps, batch) =>
            {
                batch = Math.Min(batch, tokens - 1);
                IReadOnlyList<TokenBatch<double>> chunks = TokenWindows.Streams<double>(Count(tokens), steps, batch);
                for (int b = 0; b < batch; b++)
                {
                    int[] stream = [.. chunks.SelectMany(chunk => ValidInputs(chunk, b))];
                    stream.Should().Equal(Enumerable.Range(stream[0], stream.Length));
                    stream.Length.Should().BeInRange((tokens - 1) / batch, ((tokens - 2) / batch) + 1);
                }
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void ToString_Batch_SaysWhatItIs() =>
        TokenWindows.Cut<float>(Count(189), 28).ToString()
            .Should().Be("TokenBatch<Single> of 28 steps × 7 sequences, 188 valid");

    [Fact]
    public void BadArguments_AreRefused()
    {
        Refusal.Of<ArgumentException>(() => TokenWindows.Cut<float>([7], 3), "tokens", "at least 2", "1");
        Refusal.Of<ArgumentOutOfRangeException>(() => TokenWindows.Cut<float>([7, 8], 0), "steps", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => TokenWindows.Cut<float>([7, -8], 1), "tokens", "element 1 is -8");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => TokenWindows.Cut<float>([1 << 24, 0], 1), "tokens", "element 0 is 16777216");
        Refusal.Of<ArgumentException>(() => TokenWindows.Streams<float>([1, 2, 3], 1, 3), "tokens", "at least 4", "3");
        Refusal.Of<ArgumentOutOfRangeException>(() => TokenWindows.Streams<float>([1, 2], 0, 1), "steps", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => TokenWindows.Streams<float>([1, 2], 1, 0), "batch", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => TokenWindows.Streams<float>([1, -1], 1, 1), "tokens", "-1");
    }

    private static int[] Count(int tokens) => [.. Enumerable.Range(0, tokens)];

    /// <summary>Where the weight is 1; with tokens that count up, the target must then be the input and one.</summary>
    private static int[] ValidInputs<T>(TokenBatch<T> batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, batch.Inputs.Batch).SelectMany(b => ValidInputs(batch, b))];

    private static int[] ValidInputs<T>(TokenBatch<T> batch, int sequence)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var inputs = new List<int>();
        for (int at = sequence; at < batch.Targets.Length; at += batch.Inputs.Batch)
        {
            if (batch.Weights[at] == T.One)
            {
                inputs.Add(int.CreateChecked(batch.Inputs.Values[at]));
                batch.Targets[at].Should().Be(inputs[^1] + 1);
            }
        }

        return [.. inputs];
    }
}
