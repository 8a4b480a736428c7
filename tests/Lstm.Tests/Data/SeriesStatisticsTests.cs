using System.Text.Json;
using Lstm.Data;

namespace Lstm.Tests.Data;

public class SeriesStatisticsTests
{
    /// <summary>Sums of 144 numbers in another order than numpy's, and what differences of them lose.</summary>
    private const double Rounding = 1e-11;

    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    private static readonly Golden[] Goldens = JsonSerializer.Deserialize<Golden[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "series_statistics.json")), CamelCase)!;

    public static TheoryData<string> Names => [.. Goldens.Select(golden => golden.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Kpss_Golden_IsThatOfNumpy(string name)
    {
        Golden golden = Of(name);
        double[] differences = [.. golden.Values.Skip(golden.Season).Zip(golden.Values, (later, earlier) => later - earlier)];
        SeriesStatistics.Kpss(golden.Values, size: 1).Should().BeApproximately(golden.Kpss, Rounding * golden.Kpss);
        SeriesStatistics.Kpss(differences, size: 1).Should().BeApproximately(
            golden.KpssOfSeasonalDifferences, Rounding * golden.KpssOfSeasonalDifferences);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decompose_Golden_IsThatOfNumpy(string name)
    {
        Golden golden = Of(name);
        (double strength, double[] adjusted) = SeriesStatistics.Decompose(golden.Values, golden.Season);
        strength.Should().BeApproximately(golden.Strength, Rounding);
        SeriesStatistics.Kpss(adjusted, size: 1).Should().BeApproximately(golden.KpssOfAdjusted, Rounding * golden.KpssOfAdjusted);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Period_Golden_IsThatOfNumpy(string name) => SeriesStatistics.Period(Of(name).Values).Should().Be(Of(name).Period);

    [Theory]
    [MemberData(nameof(Names))]
    public void FavoursLogarithm_Golden_IsThatOfNumpy(string name)
    {
        Golden golden = Of(name);
        SeriesStatistics.FavoursLogarithm(golden.Values, golden.Season).Should().Be(golden.FavoursLogarithm);
    }

    [Fact]
    public void Kpss_HandfulOfNumbers_IsThatByHand()
    {
        // −1.5, −0.5, 0.5, 1.5: partial sums −1.5, −2, −1.5, 0, squares 8.5; covariances 5/4 and 1.25/4. The one lag of 4^(2/9)
        // gives a ratio of 2 · 0.3125 / (1.25 + 2 · 0.3125) = 1/3, and 1.1447 · (1/9 · 4)^(1/3) = 0.87, so no lags.
        SeriesStatistics.Kpss([1, 2, 3, 4], size: 4).Should().BeApproximately(8.5 / (16 * 1.25), 1e-15);
    }

    [Fact]
    public void Decompose_ExactSeason_HasStrengthOneAndLeavesTheLine()
    {
        (double strength, double[] adjusted) = SeriesStatistics.Decompose([.. Enumerable.Range(0, 41).Select(t => (double)(t * t % 5) + t)], 5);
        strength.Should().BeApproximately(1, Rounding);
        adjusted.Zip(adjusted.Skip(1), (earlier, later) => later - earlier).Should().AllSatisfy(step => step.Should().BeApproximately(1, Rounding));
    }

    [Fact]
    public void ShortOrConstantSeries_SayNothing()
    {
        double[][] all = [[], [1], [1, 2], [.. Enumerable.Repeat(0.1, 50)]];
        foreach (double[] values in all)
        {
            SeriesStatistics.Period(values).Should().Be(1);
            SeriesStatistics.FavoursLogarithm(values, 1).Should().BeFalse();
            SeriesStatistics.Decompose(values, 12).Strength.Should().Be(0);
            SeriesStatistics.Kpss(values, SeriesStatistics.Size(values)).Should().BeLessThan(SeriesStatistics.KpssCritical);
        }
    }

    private static Golden Of(string name) => Goldens.Single(golden => golden.Name == name);

    private sealed record Golden(
        string Name,
        double[] Values,
        int Season,
        int Period,
        bool FavoursLogarithm,
        double Strength,
        double Kpss,
        double KpssOfAdjusted,
        double KpssOfSeasonalDifferences);
}
