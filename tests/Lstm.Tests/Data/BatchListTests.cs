using Lstm.Data;
using Lstm.Tests.Support;

namespace Lstm.Tests.Data;

public class BatchListTests
{
    private static readonly int[] Hundred = [.. Enumerable.Range(0, 100)];

    [Fact]
    public void Start_WithASeed_GivesEachEpochAnOrderOfItsOwnAndTheSameAgain()
    {
        var source = new BatchList<int>(Hundred, shuffleSeed: 5);
        int[] first = Epoch(source, 0);
        int[] second = Epoch(source, 1);
        first.Should().NotEqual(second).And.NotEqual(Hundred).And.BeEquivalentTo(Hundred);
        second.Should().BeEquivalentTo(Hundred);
        Epoch(source, 0).Should().Equal(first, "the order follows from seed and epoch alone");
        Epoch(new BatchList<int>(Hundred, shuffleSeed: 6), 0).Should().NotEqual(first);
    }

    [Fact]
    public void Start_ManyEpochs_PutsEachBatchAnywhereAlike()
    {
        // 6,000 draws over 6 orders of 3 batches: 1,000 each, with a standard deviation of 29; five of those.
        const int epochs = 6000;
        const int margin = 145;
        var source = new BatchList<int>([0, 1, 2], shuffleSeed: 1);
        var orders = Enumerable.Range(0, epochs).GroupBy(epoch => string.Join(' ', Epoch(source, epoch)));
        orders.Should().HaveCount(6);
        orders.Should().AllSatisfy(order => order.Count().Should().BeCloseTo(epochs / 6, margin));
    }

    [Fact]
    public void Start_WithoutASeed_KeepsTheOrder() =>
        Epoch(new BatchList<int>(Hundred), 3).Should().Equal(Hundred);

    [Fact]
    public void Constructor_WhatCannotBe_IsRefused()
    {
        Refusal.Of<ArgumentNullException>(() => _ = new BatchList<string>(null!), "batches");
        Refusal.Of<ArgumentNullException>(() => _ = new BatchList<string>([null!]), "batches");
        Refusal.Of<ArgumentException>(() => _ = new BatchList<string>([]), "batches");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new BatchList<int>(Hundred)[100], "index");
    }

    private static int[] Epoch(BatchList<int> source, int epoch)
    {
        source.Start(epoch);
        return [.. Enumerable.Range(0, source.Count).Select(n => source[n])];
    }
}
