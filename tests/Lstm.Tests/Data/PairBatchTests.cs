using Lstm.Data;
using Lstm.Tests.Support;

namespace Lstm.Tests.Data;

public class PairBatchTests
{
    private const int Boundary = 9;
    private static readonly TokenPair[] Pairs = [new([1, 2, 3], [4]), new([5], [6, 7]), new([8, 0], [])];

    [Fact]
    public void Of_PairsOfDifferentLengths_PadsBothSides()
    {
        PairBatch<float> batch = PairBatch<float>.Of(Pairs, Boundary);

        Column(batch.Source).Should().Equal("1 2 3", "5 0 0", "8 0 0");
        batch.Source.Mask!.Lengths.ToArray().Should().Equal(3, 1, 2);
        Column(batch.Target).Should().Equal("9 4 0", "9 6 7", "9 0 0");
        batch.Classes.ToArray().Should().Equal(4, 6, 9, 9, 7, 0, 0, 9, 0);
        batch.Weights.ToArray().Should().Equal(1, 1, 1, 1, 1, 0, 0, 1, 0);
        batch.ValidCount.Should().Be(6);
        batch.ToString().Should().Be("PairBatch<Single> of 3 → 3 steps × 3 pairs");
    }

    [Fact]
    public void Of_Reversed_TurnsEachSourceRoundWithinItsLength() =>
        Column(PairBatch<float>.Of(Pairs, Boundary, reverseSource: true).Source).Should().Equal("3 2 1", "5 0 0", "0 8 0");

    [Fact]
    public void Of_SourcesOfOneLength_HaveNoMask() =>
        PairBatch<float>.Of([Pairs[1], new([2], [])], Boundary).Source.Mask.Should().BeNull();

    [Fact]
    public void Of_BadArguments_AreRefused()
    {
        Refusal.Of<ArgumentNullException>(() => PairBatch<float>.Of(null!, Boundary), "pairs");
        Refusal.Of<ArgumentNullException>(() => PairBatch<float>.Of([null!], Boundary), "pairs");
        Refusal.Of<ArgumentException>(() => PairBatch<float>.Of([], Boundary), "sources", "empty");
        Refusal.Of<ArgumentException>(() => PairBatch<float>.Of([Pairs[0], new([], [1])], Boundary), "sources", "at 1");
        Refusal.Of<ArgumentOutOfRangeException>(() => PairBatch<float>.Of(Pairs, -1), "boundary", "-1");
    }

    [Fact]
    public void Batches_ShuffledEpochs_HoldEveryPairOnceAndFollowFromTheSeed()
    {
        TokenPair[] pairs = [.. Enumerable.Range(0, 1000).Select(n => new TokenPair([.. Enumerable.Repeat(n, 1 + (n % 7))], [n]))];
        int[][] Epoch(PairBatches<double> batches, int epoch)
        {
            batches.Start(epoch);
            return [.. Enumerable.Range(0, batches.Count).Select(n => batches[n].Source.Step(0).ToArray().Select(x => (int)x).ToArray())];
        }

        PairBatches<double> one = new(pairs, 16, 1000, shuffleSeed: 3);
        int[][] first = Epoch(one, 0);
        int[][] second = Epoch(one, 1);

        first.SelectMany(n => n).Order().Should().Equal(Enumerable.Range(0, 1000));
        second.SelectMany(n => n).Order().Should().Equal(Enumerable.Range(0, 1000));
        second[0].Should().NotEqual(first[0]);
        Epoch(one, 0).SelectMany(n => n).Should().Equal(first.SelectMany(n => n), "an epoch can be laid out again");
        Epoch(new(pairs, 16, 1000, shuffleSeed: 4), 0)[0].Should().NotEqual(first[0]);
        first.Count(batch => batch.Select(n => n % 7).Distinct().Count() > 1).Should()
            .BeLessThan(10 * GroupsOf(1000, 16), "pairs of a length come together within a group");
        first.Take(PairBatches<double>.BucketBatches).Select(batch => batch[0] % 7).Should().NotBeInAscendingOrder("short ones are not always the first");
    }

    [Fact]
    public void Batches_SourcesOfOneLength_GoByThatOfTheTarget()
    {
        TokenPair[] pairs = [.. new[] { 3, 1, 4, 2 }.Select(length => new TokenPair([0], [.. Enumerable.Repeat(1, length)]))];
        PairBatches<double> batches = new(pairs, 2, Boundary);
        batches[0].Target.Steps.Should().Be(2 + 1);
        batches[1].Target.Steps.Should().Be(4 + 1);
    }

    [Fact]
    public void Batches_NotShuffled_GoByLength()
    {
        PairBatches<double> batches = new([.. Pairs, .. Pairs], 4, Boundary);

        batches.Count.Should().Be(2);
        batches[0].Source.Mask!.Lengths.ToArray().Should().Equal(1, 1, 2, 2);
        batches[1].Source.Steps.Should().Be(3);
        batches[1].Source.Batch.Should().Be(2, "the last one has what is left");
    }

    [Fact]
    public void Batches_BadArguments_AreRefused()
    {
        Refusal.Of<ArgumentNullException>(() => _ = new PairBatches<float>(null!, 1, 1), "pairs");
        Refusal.Of<ArgumentException>(() => _ = new PairBatches<float>([], 1, 1), "pairs", "empty");
        Refusal.Of<ArgumentException>(() => _ = new PairBatches<float>([Pairs[0], new([], [])], 1, 1), "pairs", "at 1");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new PairBatches<float>(Pairs, 0, 1), "batch", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new PairBatches<float>(Pairs, 1, 1)[3], "index", "3");
    }

    private static int GroupsOf(int pairs, int batch) => 1 + (pairs / batch / PairBatches<double>.BucketBatches);

    /// <summary>The tokens of each sequence.</summary>
    private static string[] Column(Sequence<float> sequence) =>
    [
        .. Enumerable.Range(0, sequence.Batch)
            .Select(b => string.Join(' ', Enumerable.Range(0, sequence.Steps).Select(t => sequence[t, b, 0]))),
    ];
}
