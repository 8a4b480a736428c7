using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Models;

public class SamplingOptionsTests
{
    [Fact]
    public void Defaults_AreTheModelsOwnDistribution()
    {
        var options = new SamplingOptions();

        options.Temperature.Should().Be(1);
        options.TopK.Should().BeNull();
        options.TopP.Should().Be(1);
        options.Should().Be(new SamplingOptions { Temperature = 1, TopK = null });
        SamplingOptions.Greedy.Should().Be(new SamplingOptions { Temperature = 0 });
    }

    [Fact]
    public void BadValues_AreRefused()
    {
        foreach (double temperature in new[] { -0.1, double.NaN, double.PositiveInfinity })
        {
            Refusal.Of<ArgumentOutOfRangeException>(
                () => _ = new SamplingOptions { Temperature = temperature }, "Temperature", $"{temperature}");
        }

        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new SamplingOptions { TopK = 0 }, "TopK", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = SamplingOptions.Greedy with { TopK = -1 }, "TopK", "-1");
        foreach (double share in new[] { 0, -0.1, 1.01, double.NaN })
        {
            Refusal.Of<ArgumentOutOfRangeException>(() => _ = new SamplingOptions { TopP = share }, "TopP", $"{share}");
        }
    }
}
