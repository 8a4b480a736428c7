using Lstm.Data;
using Lstm.Tests.Support;

namespace Lstm.Tests.Data;

public class ExampleBatchesTests
{
    private static readonly ExampleBatchOptions InOrder = new() { ShuffleSeed = null, BucketBatches = 1 };

    [Fact]
    public void Item_ExamplesOfDifferentLength_ArePaddedAndMasked()
    {
        Example<float>[] examples =
        [
            Example<float>.OfClasses(new(2, 1, 2, [1, 2, 3, 4]), new[] { 7, 8 }),
            Example<float>.OfClasses(new(1, 1, 2, [5, 6]), new[] { 9 }, new[] { 0.5f }),
        ];
        Batch<float> batch = new ExampleBatches<float>(examples, 2, InOrder)[0];
        batch.Inputs.Values.ToArray().Should().Equal(1, 2, 5, 6, 3, 4, 0, 0);
        batch.Inputs.Mask!.Values.ToArray().Should().Equal(true, true, true, false);
        batch.Classes.ToArray().Should().Equal(7, 9, 8, 0);
        batch.Weights.ToArray().Should().Equal(1, 0.5f, 1, 0);
    }

    [Fact]
    public void Item_BehindALongerBatch_HasNothingOfItInItsPadding()
    {
        int[] lengths = [3, 3, 3, 1];
        Example<float>[] classified =
        [
            .. lengths.Select(n => Example<float>.OfClasses(
                Ramp(n), Enumerable.Repeat(5, n).ToArray(), Enumerable.Repeat(2f, n).ToArray())),
        ];
        var classes = new ExampleBatches<float>(classified, 2, InOrder);
        _ = classes[0];
        Batch<float> batch = classes[1];
        batch.Inputs.At(1, 1).ToArray().Should().Equal(0, 0);
        batch.Classes.ToArray().Should().Equal(5, 5, 5, 0, 5, 0);
        batch.Weights.ToArray().Should().Equal(2, 2, 2, 0, 2, 0);

        var targets = new ExampleBatches<float>([.. lengths.Select(n => Example<float>.OfTargets(Ramp(n), Ramp(n)))], 2, InOrder);
        _ = targets[0];
        targets[1].Targets!.At(2, 1).ToArray().Should().Equal(0, 0);
        targets[1].Targets!.At(2, 0).ToArray().Should().Equal(5, 6);
    }

    [Fact]
    public void Item_OneClassEach_HasOneForEachSequence()
    {
        Example<float>[] examples = [.. Enumerable.Range(1, 3).Select(n => Example<float>.OfClass(Ramp(n), n))];
        Batch<float> batch = new ExampleBatches<float>(examples, 3, InOrder)[0];
        batch.Classes.ToArray().Should().Equal(1, 2, 3);
        batch.Weights.IsEmpty.Should().BeTrue();
        batch.Inputs.Mask!.Lengths.ToArray().Should().Equal(1, 2, 3);
        new ExampleBatches<float>([examples[1], Example<float>.OfClass(Ramp(2), 0, weight: 3)], 2, InOrder)[0]
            .Weights.ToArray().Should().Equal(1, 3);
    }

    [Fact]
    public void Item_Targets_AreOfEachStepOrOfTheWhole()
    {
        Example<float>[] each = [.. new[] { 3, 1 }.Select(n => Example<float>.OfTargets(Ramp(n), Ramp(n)))];
        Batch<float> batch = new ExampleBatches<float>(each, 2, InOrder)[0];
        batch.Targets!.Values.ToArray().Should().Equal(batch.Inputs.Values.ToArray());
        Example<float>[] whole =
            [.. new[] { 3, 1 }.Select(n => Example<float>.OfTargets(Ramp(n), new(1, 1, 2, [n, -n])))];
        new ExampleBatches<float>(whole, 2, InOrder)[0].Targets!.Values.ToArray().Should().Equal(3, -3, 1, -1);
    }

    [Fact]
    public void Item_AllOfOneLength_HasNoMask()
    {
        Example<float>[] examples = [.. Enumerable.Range(0, 4).Select(n => Example<float>.OfClass(Ramp(3), n))];
        new ExampleBatches<float>(examples, 2)[1].Inputs.Mask.Should().BeNull();
    }

    [Theory]
    [InlineData(10, 3, 1, false)]
    [InlineData(50, 4, 3, false)]
    [InlineData(50, 4, 100, false)]
    [InlineData(50, 4, 3, true)]
    public void Epoch_AnyOptions_HasEachExampleOnceAndTheSameAgain(int count, int batch, int bucket, bool dropLast)
    {
        var source = new ExampleBatches<float>(
            Numbered(count), batch, new() { ShuffleSeed = 3, BucketBatches = bucket, DropLast = dropLast });
        source.Count.Should().Be(dropLast ? count / batch : (count + batch - 1) / batch);
        int[] first = Epoch(source, 0);
        int[] second = Epoch(source, 1);
        first.Should().OnlyHaveUniqueItems().And.HaveCount(dropLast ? count / batch * batch : count);
        second.Should().NotEqual(first);
        Epoch(source, 0).Should().Equal(first);
    }

    [Fact]
    public void Epoch_Buckets_PadLess()
    {
        Example<float>[] examples = Numbered(200);
        Padding(new() { BucketBatches = 25 }).Should().BeLessThan(Padding(new() { BucketBatches = 1 }) / 5);

        int Padding(ExampleBatchOptions options)
        {
            var source = new ExampleBatches<float>(examples, 8, options);
            return Enumerable.Range(0, source.Count).Select(n => source[n].Inputs)
                .Sum(inputs => inputs.Mask is null ? 0 : (inputs.Steps * inputs.Batch) - inputs.Mask.ValidSteps);
        }
    }

    [Fact]
    public void Epoch_Buckets_AreGoneThroughInNoOrderOfLength()
    {
        var source = new ExampleBatches<float>(Numbered(200), 8, new() { BucketBatches = 25 });
        int[] lengths = [.. Enumerable.Range(0, source.Count).Select(n => source[n].Inputs.Steps)];
        lengths.Should().NotBeInAscendingOrder();
    }

    [Fact]
    public void Epoch_BucketOfOneLength_KeepsTheOrder()
    {
        Example<float>[] examples = [.. Enumerable.Range(0, 100).Select(n => Example<float>.OfClass(Ramp(2), n))];
        var source = new ExampleBatches<float>(examples, 10, new() { ShuffleSeed = null });
        Epoch(source, 0).Should().Equal(Enumerable.Range(0, 100));
    }

    [Fact]
    public void Constructor_WhatDoesNotFit_IsRefused()
    {
        Example<float> one = Example<float>.OfClass(Ramp(3), 1);
        Refusal.Of<ArgumentException>(() => _ = new ExampleBatches<float>([], 1), "examples");
        Refusal.Of<ArgumentNullException>(() => _ = new ExampleBatches<float>(null!, 1), "examples");
        Refusal.Of<ArgumentNullException>(() => _ = new ExampleBatches<float>([one, null!], 1), "examples[1]");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new ExampleBatches<float>([one], 0), "batch");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new ExampleBatches<float>([one], 1)[1], "index");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new ExampleBatchOptions { BucketBatches = 0 }, "BucketBatches");
        Refusal.Of<ArgumentException>(
            () => _ = new ExampleBatches<float>([one, Example<float>.OfClasses(Ramp(2), new int[2])], 1),
            "examples",
            "2 steps × 2 features, 2 classes at 1");
        Refusal.Of<ArgumentException>(
            () => _ = new ExampleBatches<float>([one, Example<float>.OfTargets(Ramp(3), Ramp(1))], 1), "examples");
        Refusal.Of<ArgumentException>(
            () => _ = new ExampleBatches<float>([one, Example<float>.OfClass(new(3, 1, 1), 1)], 1), "examples", "1 features");
        Refusal.Of<ArgumentException>(() => Example<float>.OfClass(new(3, 2, 1), 1), "inputs");
        Refusal.Of<ArgumentOutOfRangeException>(() => Example<float>.OfClass(Ramp(3), -1), "index");
        Refusal.Of<ArgumentException>(() => Example<float>.OfClasses(Ramp(3), new int[2]), "classes");
        Refusal.Of<ArgumentException>(() => Example<float>.OfTargets(Ramp(3), Ramp(2)), "targets");
        Refusal.Of<ArgumentException>(() => Example<float>.OfTargets(Ramp(3), Ramp(1), new float[3]), "weights");
    }

    /// <summary>Examples of 1 to 40 steps whose class is their number.</summary>
    private static Example<float>[] Numbered(int count) =>
        [.. Enumerable.Range(0, count).Select(n => Example<float>.OfClass(Ramp(1 + (n * 17 % 40)), n))];

    private static Sequence<float> Ramp(int steps) =>
        new(steps, 1, 2, [.. Enumerable.Range(1, 2 * steps).Select(n => (float)n)]);

    private static int[] Epoch(ExampleBatches<float> source, int epoch)
    {
        source.Start(epoch);
        return [.. Enumerable.Range(0, source.Count).SelectMany(n => source[n].Classes.ToArray())];
    }
}
