using Lstm.Optimizers;
using Lstm.Tests.Losses;
using Lstm.Tests.Support;

namespace Lstm.Tests.Optimizers;

public class WeightAverageTests
{
    /// <summary>Ten times double's epsilon: six steps of three operations on numbers of about 1, in another order.</summary>
    private const double Rounding = 2e-15;

    [Fact]
    public void Update_CasesOfTorch_EqualsItsAverages()
    {
        foreach (TorchOptimizers golden in TorchOptimizers.Cases)
        {
            Parameter<double> weight = Parameters.Of(golden.Weight, golden.Weight);
            var mean = new WeightAverage<double>([weight]);
            var exponential = new WeightAverage<double>([weight], golden.AverageDecay);
            foreach (TorchOptimizers.Step step in golden.Steps)
            {
                step.Weight.CopyTo(weight.Values);
                mean.Update();
                exponential.Update();
                Close.Within(Swapped(mean, weight), step.Mean, Rounding);
                Close.Within(Swapped(exponential, weight), step.Exponential, Rounding);
                weight.Values.ToArray().Should().Equal(step.Weight, "the values are back");
            }

            mean.Count.Should().Be(golden.Steps.Length);
        }
    }

    [Fact]
    public void Restore_InTheMiddle_GoesOnToTheBit()
    {
        Parameter<double> weight = Parameters.Of([1.0, 2, 3], [0, 0, 0]);
        var whole = new WeightAverage<double>([weight], 0.7);
        whole.Update();
        var snapshot = new Snapshot<double>();
        whole.Save(snapshot);
        var resumed = new WeightAverage<double>([weight], 0.7);
        resumed.Restore(snapshot);
        weight.Values.Fill(-0.1);
        whole.Update();
        resumed.Update();
        Swapped(resumed, weight).Should().Equal(Swapped(whole, weight));
        new WeightAverage<double>([Parameters.Of([1.0], [1])]).Invoking(average => average.Restore(snapshot))
            .Should().ThrowExactly<InvalidDataException>();
    }

    [Fact]
    public void Calls_OutOfTurn_AreRefused()
    {
        Parameter<double> weight = Parameters.Of([1.0], [1]);
        var average = new WeightAverage<double>([weight]);
        Refusal.OutOfTurn(average.Swap, "Update");
        average.Update();
        average.Swap();
        average.IsSwapped.Should().BeTrue();
        Refusal.OutOfTurn(average.Update, "Swap");
        Refusal.OutOfTurn(() => average.Save(new Snapshot<double>()), "Swap");
        Refusal.OutOfTurn(() => average.Restore(new Snapshot<double>()), "Swap");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new WeightAverage<double>([weight], 1), "decay");
        Refusal.Of<ArgumentException>(() => _ = new WeightAverage<double>([weight, weight]), "parameters");
    }

    [Fact]
    public void Update_OnceWarm_AllocatesNothing()
    {
        var average = new WeightAverage<double>([Parameters.Of([1.0, 2], [0, 0])]);
        ThreadAllocation.OnceWarm(() =>
        {
            average.Update();
            average.Swap();
            average.Swap();
        }).Should().Be(0);
    }

    private static double[] Swapped(WeightAverage<double> average, Parameter<double> parameter)
    {
        average.Swap();
        double[] values = parameter.Values.ToArray();
        average.Swap();
        return values;
    }
}
