using Lstm.Optimizers;
using Lstm.Tests.Losses;
using Lstm.Tests.Support;

namespace Lstm.Tests.Optimizers;

public class GroupedOptimizerTests
{
    private readonly Parameter<double> _first = Parameters.Of([1.0, 2], [1, -1]);
    private readonly Parameter<double> _second = Parameters.Of([3.0], [0.5]);
    private readonly Parameter<double> _other = Parameters.Of([4.0, 5, 6], [1, 2, 3]);

    [Fact]
    public void Step_Groups_EqualsTheirOptimizersAlone()
    {
        Parameter<double>[] alone = [.. new[] { _first, _second, _other }
            .Select(p => Parameters.Of(p.Values.ToArray(), p.Gradients.ToArray()))];
        GroupedOptimizer<double> grouped = Grouped();
        var adam = new AdamOptimizer<double>();
        Optimizer<double> slow = Sgd(0.25);
        Optimizer<double> others = Sgd(0.5);
        for (int step = 0; step < 3; step++)
        {
            grouped.Step([_other, _first, _second]);
            adam.Step([alone[0]]);
            slow.Step([alone[1]]);
            others.Step([alone[2]]);
        }

        _first.Values.ToArray().Should().Equal(alone[0].Values.ToArray());
        _second.Values.ToArray().Should().Equal(alone[1].Values.ToArray());
        _other.Values.ToArray().Should().Equal(alone[2].Values.ToArray());
    }

    [Fact]
    public void LearningRate_Changed_ChangesThatOfTheGroupsByTheSameFactor()
    {
        // Rates 0.5 and 0.25 become 0.125 and 0.0625; the gradient is 1 and 0.5.
        GroupedOptimizer<double> grouped = Grouped();
        grouped.LearningRate.Should().Be(0.5);
        grouped.LearningRate = 0.125;
        grouped.Step([_second, _other]);
        _other.Values[0].Should().Be(4 - 0.125);
        _second.Values[0].Should().Be(3 - 0.03125);
    }

    [Fact]
    public void Step_Threads_AreThoseOfTheGroups()
    {
        SgdOptimizer<double> inner = Sgd(0.25);
        var grouped = new GroupedOptimizer<double>(Sgd(0.5), new OptimizerGroup<double>(inner, _second)) { Threads = 3 };
        grouped.Step([_second]);
        inner.Threads.Should().Be(3);
    }

    [Fact]
    public void Restore_InTheMiddle_GoesOnToTheBit()
    {
        GroupedOptimizer<double> whole = Grouped();
        Parameter<double>[] all = [_first, _second, _other];
        whole.Step(all);
        var snapshot = new Snapshot<double>();
        whole.Save(all, snapshot);
        double[][] before = [.. all.Select(p => p.Values.ToArray())];
        whole.Step(all);
        double[][] after = [.. all.Select(p => p.Values.ToArray())];
        for (int n = 0; n < all.Length; n++)
        {
            before[n].CopyTo(all[n].Values);
        }

        GroupedOptimizer<double> resumed = Grouped();
        resumed.Restore(all, snapshot);
        resumed.Step(all);
        all.Select(p => p.Values.ToArray()).Should().BeEquivalentTo(after, options => options.WithStrictOrdering());
    }

    [Fact]
    public void Step_OnceWarm_AllocatesNothing()
    {
        GroupedOptimizer<double> grouped = Grouped();
        Parameter<double>[] all = [_first, _second, _other];
        ThreadAllocation.OnceWarm(() => grouped.Step(all)).Should().Be(0);
    }

    [Fact]
    public void Constructor_WhatCannotBe_IsRefused()
    {
        var adam = new AdamOptimizer<double>();
        Refusal.Of<ArgumentNullException>(() => _ = new GroupedOptimizer<double>(null!), "others");
        Refusal.Of<ArgumentNullException>(() => _ = new GroupedOptimizer<double>(adam, [null!]), "groups");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new GroupedOptimizer<double>(Sgd(0)), "others");
        Refusal.Of<ArgumentException>(
            () => _ = new GroupedOptimizer<double>(adam, new OptimizerGroup<double>(adam, _first)), "groups", "optimizers");
        Refusal.Of<ArgumentException>(
            () => _ = new GroupedOptimizer<double>(
                adam, new OptimizerGroup<double>(Sgd(1), _first), new OptimizerGroup<double>(Sgd(1), _first)),
            "groups",
            "Weights 2 × 1");
        Refusal.Of<ArgumentNullException>(() => _ = new OptimizerGroup<double>(null!, _first), "optimizer");
        Refusal.Of<ArgumentException>(() => _ = new OptimizerGroup<double>(adam, _first, _first), "parameters");
    }

    [Fact]
    public void ToString_NamesAllOptimizers() =>
        Grouped().ToString().Split(Environment.NewLine).Select(line => line.Split(',')[0]).Should().Equal(
            "GroupedOptimizer<Double>", "  SgdOptimizer<Double>", "  AdamOptimizer<Double>", "  SgdOptimizer<Double>");

    private GroupedOptimizer<double> Grouped() => new(
        Sgd(0.5),
        new OptimizerGroup<double>(new AdamOptimizer<double>(), _first),
        new OptimizerGroup<double>(Sgd(0.25), _second));

    private static SgdOptimizer<double> Sgd(double rate) => new(new() { LearningRate = rate });
}
