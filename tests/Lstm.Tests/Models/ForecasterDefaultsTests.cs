using Forecasting;
using Lstm.Data;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Models;

/// <summary>What the shortest call does with series of different kinds.</summary>
public class ForecasterDefaultsTests
{
    [Fact]
    public void Fit_GrowingLineInNoise_IsForeseenToGrowOn()
    {
        var random = new Random(1);
        TimeSeries series = new([.. Enumerable.Range(0, 150).Select(t => 100 + t + (4 * Noise(random)))]);

        (SequenceForecaster<double> model, Backtest backtest) = Tested(series, 110);

        model.Preparation.Should().Be(new SeriesPreparation(Season: 1, Logarithm: false, SeasonalDifference: false, Difference: true));

        // Noise is uniform on (−4, 4): 2 is the mean error of who knows the line, and the naive one is late by 6.5 steps.
        backtest.Naive.MeanAbsolute.Should().BeGreaterThan(6);
        backtest.Model.MeanAbsolute.Should().BeLessThan(0.75 * backtest.Naive.MeanAbsolute);
    }

    [Fact]
    public void Fit_Airline_BeatsTheSeasonalNaiveForecast()
    {
        (SequenceForecaster<double> model, Backtest backtest) = Tested(new TimeSeries(Airline.Passengers), 96);

        model.Preparation.Should().Be(new SeriesPreparation(Season: 12, Logarithm: true, SeasonalDifference: true, Difference: false));
        backtest.Model.MeanAbsolute.Should().BeLessThan(0.6 * backtest.SeasonalNaive.MeanAbsolute);
        backtest.Coverage.Should().BeInRange(0.8, 0.98);
    }

    [Fact]
    public void Fit_SeasonWithoutTrend_IsForeseenBetterThanASeasonAgo()
    {
        var random = new Random(2);
        TimeSeries series = new([.. Enumerable.Range(0, 180).Select(t => 20 + (5 * Math.Sin(t * Math.Tau / 9)) + Noise(random))]);

        (SequenceForecaster<double> model, Backtest backtest) = Tested(series, 130);

        model.Preparation.Should().Be(new SeriesPreparation(Season: 9, Logarithm: false, SeasonalDifference: false, Difference: false));
        backtest.Model.MeanAbsolute.Should().BeLessThan(0.95 * backtest.SeasonalNaive.MeanAbsolute).And.BeLessThan(0.3 * backtest.Naive.MeanAbsolute);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Choose_WhiteNoise_TakesNoDifferences(int seed)
    {
        var random = new Random(seed);
        TimeSeries series = new([.. Enumerable.Range(0, 200).Select(_ => 10 + Noise(random))]);
        Chosen(new(), series).Should().Be(new SeriesPreparation(Season: 1, Logarithm: false, SeasonalDifference: false, Difference: false));
    }

    [Fact]
    public void Choose_WhatOptionsSay_IsDone()
    {
        TimeSeries airline = new(Airline.Passengers);
        Chosen(new() { Season = 6, Logarithm = false, SeasonalDifference = false, Difference = true }, airline)
            .Should().Be(new SeriesPreparation(6, Logarithm: false, SeasonalDifference: false, Difference: true));
        Chosen(new() { Difference = true }, airline)
            .Should().Be(new SeriesPreparation(12, Logarithm: true, SeasonalDifference: true, Difference: true));
        Chosen(new() { Season = 1 }, airline)
            .Should().Be(new SeriesPreparation(1, Logarithm: true, SeasonalDifference: false, Difference: true));
    }

    [Theory]
    [InlineData(24, false)]
    [InlineData(23, true)]
    public void Choose_SeasonWithoutTrend_IsLeftToANetworkThatSeesTwo(int window, bool difference)
    {
        var random = new Random(4);
        TimeSeries series = new([.. Enumerable.Range(0, 150).Select(t => (2 * Math.Sin(t * Math.Tau / 12)) + Noise(random))]);
        Chosen(new() { Window = window }, series)
            .Should().Be(new SeriesPreparation(12, Logarithm: false, SeasonalDifference: difference, Difference: false));
    }

    [Fact]
    public void Choose_ExactLineOrSeason_IsNotTakenInByRounding()
    {
        TimeSeries line = new([.. Enumerable.Range(0, 100).Select(t => 0.1 + (0.3 * t))]);
        TimeSeries season = new([.. Enumerable.Range(0, 100).Select(t => 0.1 * (1 + (t % 7)))]);
        TimeSeries grown = new([.. Enumerable.Range(0, 100).Select(t => (0.3 * t) + Math.Sin(t * Math.Tau / 7))]);
        TimeSeries constant = new([.. Enumerable.Repeat(0.1, 100)]);

        Chosen(new(), line).Should().Be(new SeriesPreparation(1, Logarithm: false, SeasonalDifference: false, Difference: true));
        Chosen(new(), season).Should().Be(new SeriesPreparation(7, Logarithm: false, SeasonalDifference: false, Difference: false));
        Chosen(new(), grown).Should().Be(new SeriesPreparation(7, Logarithm: false, SeasonalDifference: true, Difference: false));
        Chosen(new(), constant).Should().Be(new SeriesPreparation(1, Logarithm: false, SeasonalDifference: false, Difference: false));
    }

    [Fact]
    public void Choose_NumberThatIsNotPositiveAnywhere_TakesNoLogarithms()
    {
        // The zero is behind what is judged by.
        TimeSeries series = new([.. Airline.Passengers, 0]);
        SeriesPreparation.Choose(new(), [series], [144], room: 100).Logarithm.Should().BeFalse();
        Refusal.Of<ArgumentException>(
            () => SeriesPreparation.Choose(new() { Logarithm = true }, [new([1, 0, 2])], [3], room: 1), "series", "above 0", "Logarithm", "step 1");
    }

    [Fact]
    public void Choose_SeveralSeries_GoesByMostOfThem()
    {
        TimeSeries airline = new(Airline.Passengers);
        TimeSeries line = new([.. Enumerable.Range(0, 144).Select(t => 100.0 + t)]);
        Chosen(new(), airline, airline, line).Should().Be(new SeriesPreparation(12, Logarithm: true, SeasonalDifference: true, Difference: false));
        Chosen(new(), airline, line, line).Should().Be(new SeriesPreparation(1, Logarithm: false, SeasonalDifference: false, Difference: true));
    }

    [Theory]
    [InlineData(12, true, false)]
    [InlineData(11, false, true)]
    [InlineData(0, false, false)]
    public void Choose_LittleRoom_TakesTheDifferencesThatFit(int room, bool seasonal, bool difference) =>
        SeriesPreparation.Choose(new(), [new(Airline.Passengers)], [144], room)
            .Should().Be(new SeriesPreparation(12, Logarithm: true, seasonal, difference));

    [Fact]
    public void Fit_SeasonalDifferenceOfASeriesWithoutASeason_IsRefused()
    {
        TimeSeries line = new([.. Enumerable.Range(0, 144).Select(t => 100.0 + t)]);
        var model = new SequenceForecaster<float>(new() { SeasonalDifference = true });
        Refusal.Of<ArgumentException>(() => model.Fit(line), "series", "of a season", "set Season");
    }

    private static SeriesPreparation Chosen(SequenceForecasterOptions options, params TimeSeries[] series) =>
        SeriesPreparation.Choose(options, series, [.. series.Select(one => one.Values.Count)], room: 50);

    private static (SequenceForecaster<double> Model, Backtest Backtest) Tested(TimeSeries series, int firstSteps)
    {
        SequenceForecaster<double> model = new();
        model.Fit(series.First(firstSteps));
        return (model, model.Backtest(series, firstSteps));
    }

    /// <summary>Uniform on (−1, 1).</summary>
    private static double Noise(Random random) => (2 * random.NextDouble()) - 1;
}
