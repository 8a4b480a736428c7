using Lstm.Optimizers;
using Lstm.Tests.Support;

namespace Lstm.Tests.Optimizers;

public class SgdOptionsTests
{
    [Fact]
    public void Defaults_OfAnOptimizerWithoutOptions_AreThoseStated()
    {
        var optimizer = new SgdOptimizer<float>();
        optimizer.LearningRate.Should().Be(0.01);
        optimizer.Options.Should().Be(
            new SgdOptions { LearningRate = 0.01, Momentum = 0, WeightDecay = 0, Nesterov = false });
    }

    [Theory]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Init_BadNumbers_AreRefused(double value)
    {
        string came = $"is {value}";
        Refuse(() => new SgdOptions { LearningRate = value }, "LearningRate", "at least 0");
        Refuse(() => new SgdOptions { Momentum = value }, "Momentum", "below 1");
        Refuse(() => new SgdOptions { WeightDecay = value }, "WeightDecay", "at least 0");

        void Refuse(Action set, string name, string expected) =>
            Refusal.Of<ArgumentOutOfRangeException>(set, name, expected, came);
    }

    [Fact]
    public void Momentum_OfOne_IsRefused() =>
        Refusal.Of<ArgumentOutOfRangeException>(() => new SgdOptions { Momentum = 1 }, "Momentum", "below 1", "is 1");

    [Fact]
    public void Constructor_NesterovWithoutMomentum_IsRefusedWithTheReason() =>
        Refusal.Of<ArgumentException>(
            () => new SgdOptimizer<float>(new SgdOptions { Nesterov = true }),
            "options",
            "Momentum above 0",
            "Nesterov",
            "is 0");
}
