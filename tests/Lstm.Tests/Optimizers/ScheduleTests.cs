using Lstm.Optimizers;
using Lstm.Tests.Support;

namespace Lstm.Tests.Optimizers;

public class ScheduleTests
{
    /// <summary>Some fifty times double's epsilon: PyTorch multiplies the rate before by a factor, thirty times over.</summary>
    private const double Rounding = 1e-14;

    private static readonly TorchSchedules Torch = TorchSchedules.Read();

    [Fact]
    public void Factor_ByEpochs_EqualsTorch()
    {
        Close.Within(ByEpoch(new StepSchedule { Epochs = 7, Decay = 0.3 }), Torch.Step, Rounding);
        Close.Within(ByEpoch(new ExponentialSchedule { Decay = 0.9 }), Torch.Exponential, Rounding);
        Close.Within(ByEpoch(new CosineSchedule { FinalFactor = 0.05 }), Torch.Cosine, Rounding);
    }

    [Fact]
    public void Factor_OnAPlateau_EqualsTorch()
    {
        Close.Within(ByScore(new PlateauSchedule { Decay = 0.5, Patience = 2 }), Torch.Plateau, Rounding);
        Close.Within(
            ByScore(new PlateauSchedule { Decay = 0.5, Patience = 1, Cooldown = 3, FinalFactor = 0.2 }),
            Torch.PlateauWithCooldown,
            Rounding);
        Close.Within(
            ByScore(new PlateauSchedule { Decay = 0.7, Patience = 0, Threshold = 0.05 }), Torch.PlateauOfThreshold, Rounding);
        double[] negated = [.. Torch.Losses.Select(loss => -loss)];
        Close.Within(
            ByScore(new PlateauSchedule { Decay = 0.6, Patience = 1, Threshold = 0.05 }, negated),
            Torch.PlateauOfAMetric,
            Rounding);
    }

    [Fact]
    public void Factor_Zaremba_IsConstantAndThenDividedBeforeEachEpoch() =>
        ByEpoch(new ZarembaSchedule { ConstantEpochs = 4, Divisor = 2 }).Take(7).Should().Equal(1, 1, 1, 1, 0.5, 0.25, 0.125);

    [Fact]
    public void Factor_CosineWithWarmUp_RisesInALineAndFallsToItsEnd()
    {
        var schedule = new CosineSchedule { WarmUpSteps = 4, FinalFactor = 0.2 };
        double[] factors = [.. Enumerable.Range(0, 13).Select(step => schedule.Factor(new(step, 0, 12, [])))];
        factors.Take(4).Should().Equal(0.25, 0.5, 0.75, 1);
        factors[4].Should().Be(1);
        factors[8].Should().BeApproximately(0.6, Rounding, "half way between 1 and 0.2");
        factors[12].Should().Be(0.2);
        (schedule with { TotalSteps = 8 }).Factor(new(8, 0, 12, [])).Should().Be(0.2);
        (schedule with { TotalSteps = 8 }).Factor(new(11, 0, 12, [])).Should().Be(0.2, "beyond its end it rises no more");
    }

    [Fact]
    public void Factor_PlateauOfNegativeScores_WantsThemBelowTheBestByTheThreshold()
    {
        // −1.02 and −1.04 are no 5% below −1, −1.06 is.
        var schedule = new PlateauSchedule { Decay = 0.5, Patience = 1, Threshold = 0.05 };
        ByScore(schedule, [-1, -1.02, -1.04]).Should().Equal(1, 1, 0.5);
        ByScore(schedule, [-1, -1.02, -1.06]).Should().Equal(1, 1, 1);
    }

    [Fact]
    public void Factor_Constant_IsOne() => ByEpoch(Schedule.Constant).Should().OnlyContain(factor => factor == 1);

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new StepSchedule { Epochs = 0 }, "Epochs");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new StepSchedule { Decay = 0 }, "Decay", "above 0 and at most 1");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new ExponentialSchedule { Decay = 1.5 }, "Decay");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new ZarembaSchedule { ConstantEpochs = 0 }, "ConstantEpochs");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new ZarembaSchedule { Divisor = 0.5 }, "Divisor");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new CosineSchedule { WarmUpSteps = -1 }, "WarmUpSteps");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new CosineSchedule { TotalSteps = 0 }, "TotalSteps");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new CosineSchedule { FinalFactor = 2 }, "FinalFactor");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new PlateauSchedule { Decay = double.NaN }, "Decay");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new PlateauSchedule { Patience = -1 }, "Patience");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new PlateauSchedule { Threshold = 1 }, "Threshold");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new PlateauSchedule { Cooldown = -1 }, "Cooldown");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new PlateauSchedule { FinalFactor = -1 }, "FinalFactor");
    }

    private static double[] ByEpoch(Schedule schedule) =>
        [.. Enumerable.Range(0, Torch.Epochs).Select(epoch => schedule.Factor(new(epoch, epoch, Torch.Epochs, [])))];

    private static double[] ByScore(Schedule schedule, double[]? scores = null) =>
        [.. (scores ?? Torch.Losses).Select((_, n) => schedule.Factor(new(n, n, Torch.Epochs, (scores ?? Torch.Losses)[..(n + 1)])))];
}
