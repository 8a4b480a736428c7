using Lstm.Models;

namespace Lstm.Tests.Models;

public class StateRandomTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void NextDouble_AnySeed_IsTheUpperBitsOfSplitMix64(int seed)
    {
        var single = new StateRandom<float>(seed);
        var twice = new StateRandom<double>(seed);
        for (ulong n = 0; n < 100; n++)
        {
            double expected = (SplitMix64.At(unchecked((ulong)seed), n) >> 11) / 9007199254740992.0;
            single.NextDouble().Should().Be(expected);
            twice.NextDouble().Should().Be(expected).And.BeInRange(0, 1 - 1e-16);
        }
    }

    [Fact]
    public void Part_Copied_GoesOnThere()
    {
        var first = new StateRandom<float>(3);
        var second = new StateRandom<float>(4);
        first.NextDouble();
        first.Part.Values.CopyTo(second.Part.Values);
        second.NextDouble().Should().Be(first.NextDouble());
    }

    [Fact]
    public void NextDouble_DamagedPart_StillGivesNumbers()
    {
        var random = new StateRandom<float>(3);
        random.Part.Values[0] = float.NaN;
        random.Part.Values[1] = -5;
        random.Part.Values[2] = float.PositiveInfinity;
        random.NextDouble().Should().BeInRange(0, 1);
    }
}
