using Lstm.Data;
using Lstm.Tests.Support;

namespace Lstm.Tests.Data;

public class BatchTests
{
    private static readonly Sequence<float> Inputs = new(3, 2, 4);

    [Fact]
    public void Of_TokenBatch_SharesItsMemory()
    {
        TokenBatch<float> tokens = TokenWindows.Cut<float>([1, 2, 3, 4, 5], 3);
        Batch<float> batch = Batch<float>.Of(tokens);
        batch.Inputs.Should().BeSameAs(tokens.Inputs);
        (batch.Classes == tokens.Targets).Should().BeTrue();
        (batch.Weights == tokens.Weights).Should().BeTrue();
        batch.Targets.Should().BeNull();
    }

    [Fact]
    public void Factories_WhatDoesNotFit_IsRefused()
    {
        Refusal.Of<ArgumentNullException>(() => Batch<float>.OfClasses(null!, new int[2]), "inputs");
        Refusal.Of<ArgumentException>(() => Batch<float>.OfClasses(Inputs, new int[3]), "classes", "2", "6", "3");
        Refusal.Of<ArgumentException>(() => Batch<float>.OfClasses(Inputs, new int[6], new float[2]), "weights");
        Refusal.Of<ArgumentNullException>(() => Batch<float>.OfTargets(Inputs, null!), "targets");
        Refusal.Of<ArgumentException>(() => Batch<float>.OfTargets(Inputs, new Sequence<float>(2, 2, 1)), "targets");
        Refusal.Of<ArgumentException>(() => Batch<float>.OfTargets(Inputs, new Sequence<float>(3, 1, 1)), "targets");
        Refusal.Of<ArgumentException>(() => Batch<float>.OfTargets(Inputs, new Sequence<float>(1, 2, 1), new float[6]), "weights");
        Refusal.Of<ArgumentNullException>(() => Batch<float>.Of(null!), "tokens");
    }

    [Fact]
    public void ToString_SaysWhatItIs() =>
        Batch<float>.OfClasses(Inputs, new int[2]).ToString()
            .Should().Be("Batch of Sequence<Single> of 3 steps × 2 sequences × 4 features, 2 classes");
}
