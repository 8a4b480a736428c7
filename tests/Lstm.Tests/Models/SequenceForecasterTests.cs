using System.Text.Json.Nodes;
using Lstm.Data;
using Lstm.Interchange;
using Lstm.Models;
using Lstm.Tests.Support;
using Lstm.Training;

namespace Lstm.Tests.Models;

public sealed class SequenceForecasterTests : IDisposable
{
    private const int Season = 6;
    private static readonly TrainerOptions Quick = new() { Epochs = 40, ClipNorm = 1 };
    private static readonly SequenceForecasterOptions Small = new() { Horizon = 4, Window = 12, Season = Season, HiddenUnits = 12 };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Fit_WaveInNoise_IsForeseenBetterThanNaively(bool recursive)
    {
        // A wave of 7.3 steps, whatever the season says: no naive forecast can follow it.
        TimeSeries series = Wave(240, noise: 0.1, period: 7.3);
        var model = new SequenceForecaster<double>(Small with { Recursive = recursive });

        model.Fit(series.First(180), Quick);

        Backtest backtest = model.Backtest(series, 180);
        backtest.Forecasts.Should().Be(240 - 180 - 4 + 1);
        backtest.Model.MeanAbsolute.Should().BeLessThan(0.5 * Math.Min(backtest.Naive.MeanAbsolute, backtest.SeasonalNaive.MeanAbsolute));

        // 90 % intervals on 57 × 4 forecasts that depend on each other.
        backtest.Coverage.Should().BeInRange(0.75, 1);
    }

    [Fact]
    public void Backtest_NaiveForecasts_AreThoseByHand()
    {
        TimeSeries series = Wave(90, noise: 0.3, period: Season);
        var model = new SequenceForecaster<double>(Small with { Horizon = 1 });
        model.Fit(series.First(70), Quick with { Epochs = 1 });

        Backtest backtest = model.Backtest(series, 70);

        double[] v = [.. series.Values];
        backtest.Naive.MeanAbsolute.Should().BeApproximately(Enumerable.Range(70, 20).Average(t => Math.Abs(v[t] - v[t - 1])), 1e-12);
        backtest.SeasonalNaive.MeanAbsolute.Should().BeApproximately(Enumerable.Range(70, 20).Average(t => Math.Abs(v[t] - v[t - Season])), 1e-12);

        // What counts as 1 is the seasonal error within the steps before the first origin.
        double scale = Enumerable.Range(Season, 70 - Season).Average(t => Math.Abs(v[t] - v[t - Season]));
        backtest.Naive.MeanAbsoluteScaled.Should().BeApproximately(backtest.Naive.MeanAbsolute / scale, 1e-12);
    }

    [Fact]
    public void Fit_OtherNumbersHeldBack_TrainsTheSameNetwork()
    {
        TimeSeries series = Wave(90, noise: 0.3, period: Season);
        TimeSeries other = new([.. series.Values.Select((value, t) => t < 80 ? value : 10 * value)]);

        Weights(series).Should().Equal(Weights(other), "the scaling is learnt from what is trained on");

        static double[] Weights(TimeSeries series)
        {
            var model = new SequenceForecaster<double>(Small with { Horizon = 1 });
            model.Fit(series, Quick with { Epochs = 1 });
            return Bits.OfValues(model.Network);
        }
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void Forecast_GrowthThatDifferencesExplain_IsExact(bool logarithm, bool seasonal, bool difference)
    {
        // What is left of such a series is constant, so that the network has nothing to get wrong.
        const double tolerance = 1e-9;
        double Value(int t) => logarithm ? 100 * Math.Pow(1.01, t) * (1 + (0.1 * (t % Season))) : difference ? 3 * t : (2 * t) + (t % Season);
        TimeSeries series = new([.. Enumerable.Range(0, 120).Select(Value)]);
        var model = new SequenceForecaster<double>(
            Small with { Logarithm = logarithm, SeasonalDifference = seasonal, Difference = difference, Horizon = 8 });
        model.Fit(series, Quick with { Epochs = 120 });

        Forecast forecast = model.Forecast(series);

        // Constant changes are scaled to zero, where the targets are zero as well: the network's own bias is all its error.
        for (int h = 0; h < 8; h++)
        {
            double width = forecast.Upper[h] - forecast.Lower[h];
            Math.Abs(forecast.Values[h] - Value(120 + h)).Should().BeLessThan(width + tolerance).And.BeLessThan(0.05 * Value(120 + h));
        }
    }

    [Fact]
    public void Backtest_NoiseOfKnownSpread_IsCoveredAsPromised()
    {
        // Uniform on (−1, 1), which nothing foresees: an interval about the middle that covers 80 % is 1.6 wide.
        var random = new Random(5);
        TimeSeries series = new([.. Enumerable.Range(0, 1500).Select(_ => (2 * random.NextDouble()) - 1)]);
        var model = new SequenceForecaster<float>(Small with { Horizon = 2, Coverage = 0.8, Calibration = 0.3, HiddenUnits = 2 });
        model.Fit(series.First(1000), Quick with { Epochs = 1 });

        Forecast forecast = model.Forecast(series);

        // Of 500 numbers, with widths from 300: a standard deviation of about 0.03.
        model.Backtest(series, 1000).Coverage.Should().BeInRange(0.71, 0.89);
        (forecast.Upper[0] - forecast.Lower[0]).Should().BeInRange(1.2, 2.2);
    }

    [Fact]
    public void Forecast_NoiseThatNothingForesees_IsNoSurerFurtherAhead()
    {
        // The errors that were held back scatter alike at all of the eight steps, now more, now less.
        var random = new Random(5);
        TimeSeries series = new([.. Enumerable.Range(0, 200).Select(_ => (2 * random.NextDouble()) - 1)]);
        var model = new SequenceForecaster<double>(
            Small with { Horizon = 8, HiddenUnits = 2, Logarithm = false, Difference = false, SeasonalDifference = false });
        model.Fit(series, Quick with { Epochs = 1 });

        Forecast forecast = model.Forecast(series);

        // Beside the rounding of upper less lower.
        double[] widths = [.. forecast.Upper.Zip(forecast.Lower, (upper, lower) => Math.Round(upper - lower, 9))];
        widths.Should().BeInAscendingOrder();
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(0.8, 4)]
    [InlineData(0.9, 9)]
    [InlineData(0.95, 19)]
    [InlineData(0.99, 99)]
    [InlineData(0.7, 3)]
    public void Fit_HeldBack_IsAtLeastWhatTheIntervalsNeed(double coverage, int errors)
    {
        // Of n errors in any order and one to come, the k-th covers it with a probability of k / (n + 1) (Vovk and others 2005).
        TimeSeries series = Wave(500, noise: 1, period: Season);
        int held = Small.Horizon - 1 + errors;
        int least = Small.Window + Small.Horizon + held;
        var model = new SequenceForecaster<float>(Small with { Coverage = coverage, Calibration = 1e-6, HiddenUnits = 1 });

        Refusal.Of<ArgumentException>(() => model.Fit(series.First(least - 1)), "series", $"beside {held} that", $"of {least - 1}");
        Refusal.OutOfTurn(() => model.Forecast(series), "Fit");
        model.Fit(series.First(least), Quick with { Epochs = 1 });

        model.Forecast(series).Upper.Should().AllSatisfy(upper => double.IsFinite(upper).Should().BeTrue());
    }

    [Fact]
    public void Fit_CoverageNextToOne_IsRefusedForWantOfErrors()
    {
        TimeSeries series = Wave(200, noise: 1, period: Season);
        var model = new SequenceForecaster<float>(Small with { Coverage = Math.BitDecrement(1.0) });
        Refusal.Of<ArgumentException>(() => model.Fit(series), "series", "held back", "of 200");
    }

    [Fact]
    public void Fit_SeveralSeries_ShareWhatTheIntervalsNeed()
    {
        // 9 errors at the last step ahead from five series: 2 of each.
        int least = Small.Window + Small.Horizon + Small.Horizon - 1 + 2;
        TimeSeries series = Wave(least, noise: 1, period: Season);
        var model = new SequenceForecaster<float>(Small with { Calibration = 1e-6 });
        Refusal.Of<ArgumentException>(() => model.Fit(series), "series", "beside 12 that");
        model.Fit([series, series, series, series, series], Quick with { Epochs = 1 });
        model.Forecast(series).Values.Should().HaveCount(Small.Horizon);
    }

    [Fact]
    public void Forecast_ManyThreads_GiveWhatOneGives()
    {
        TimeSeries series = Wave(90, noise: 0.1, period: Season);
        var model = new SequenceForecaster<float>(Small with { Recursive = true });
        model.Fit(series, Quick with { Epochs = 1 });
        IReadOnlyList<double> alone = model.Forecast(series).Values;
        var all = new IReadOnlyList<double>[32];

        Parallel.For(0, all.Length, n => all[n] = model.Forecast(series).Values);

        all.Should().AllSatisfy(values => values.Should().Equal(alone));
    }

    [Fact]
    public void Options_BadValues_AreRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = Small with { Horizon = 0 }, "Horizon", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = Small with { Window = 0 }, "Window", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = Small with { Season = 0 }, "Season", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = Small with { Coverage = 1 }, "Coverage", "1");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = Small with { Calibration = 0 }, "Calibration", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = Small with { HiddenUnits = 0 }, "HiddenUnits", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = Small with { Layers = 0 }, "Layers", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = Small with { BatchSize = 0 }, "BatchSize", "0");
    }

    [Fact]
    public void Fit_KnownSeries_IsUsed()
    {
        // The next number is that of a known series and nothing else.
        var random = new Random(1);
        double[] known = [.. Enumerable.Range(0, 204).Select(_ => random.NextDouble())];
        TimeSeries series = new([.. known.Take(200)], [known]);
        var with = new SequenceForecaster<double>(Small, known: 1);
        var without = new SequenceForecaster<double>(Small);

        with.Fit(series.First(160), Quick);
        without.Fit(new TimeSeries([.. series.Values.Take(160)]), Quick);

        double error = with.Backtest(series, 160).Model.MeanAbsolute;
        error.Should().BeLessThan(0.4 * without.Backtest(new TimeSeries(series.Values), 160).Model.MeanAbsolute);
    }

    [Fact]
    public void Save_ThenLoad_GivesTheSameForecast()
    {
        TimeSeries series = Wave(90, noise: 0.1, period: Season);
        var model = new SequenceForecaster<float>(Small with { SeasonalDifference = true });
        string path = Path.Combine(_folder.FullName, "model.safetensors");
        Action early = () => model.Save(path);
        early.Should().Throw<InvalidOperationException>();
        model.Fit([series, Wave(80, noise: 0.1, period: 5)], Quick with { Epochs = 2 });

        model.Save(path);

        var loaded = SequenceForecaster<float>.Load(path);
        loaded.Forecast(series).Should().BeEquivalentTo(model.Forecast(series));
        loaded.Options.Should().Be(model.Options);
        loaded.Preparation.Should().Be(model.Preparation).And.NotBeNull();
        using MemoryStream stream = new();
        model.Save(stream);
        stream.Position = 0;
        SequenceForecaster<float>.Load(stream).Forecast(series).Should().BeEquivalentTo(model.Forecast(series));
        LayerFile.Save(new Lstm.Layers.DenseLayer<float>(2, 3), path);
        Action other = () => SequenceForecaster<float>.Load(path);
        other.Should().Throw<ModelFormatException>();
    }

    [Fact]
    public void Load_FileOfVersion1_HasThePreparationOfItsOptions()
    {
        // Such a file had every option in it, and no choice beside them.
        TimeSeries series = Wave(90, noise: 0.1, period: Season);
        var model = new SequenceForecaster<float>(Small with { Logarithm = false, SeasonalDifference = true, Difference = false });
        model.Fit(series, Quick with { Epochs = 1 });
        string path = Path.Combine(_folder.FullName, "model.safetensors");
        model.Save(path);
        using var reader = ModelReader<float>.Open(path, "SequenceForecaster", 2);
        var writer = new ModelWriter<float>("SequenceForecaster", 1);
        foreach ((string name, JsonNode? value) in reader.Configuration.Json.Where(setting => setting.Key != "preparation"))
        {
            writer.Configuration[name] = value!.DeepClone();
        }

        writer.Add("network", model.Network);
        writer.Add("scalingOffsets", [1], reader.Values<double>("scalingOffsets", 1));
        writer.Add("scalingFactors", [1], reader.Values<double>("scalingFactors", 1));
        writer.Add("intervalWidths", [4], reader.Values<double>("intervalWidths", 4));
        string old = Path.Combine(_folder.FullName, "old.safetensors");
        writer.Save(old);

        var loaded = SequenceForecaster<float>.Load(old);

        loaded.Preparation.Should().Be(new SeriesPreparation(Season, Logarithm: false, SeasonalDifference: true, Difference: false));
        loaded.Options.Should().Be(model.Options);
        loaded.Forecast(series).Should().BeEquivalentTo(model.Forecast(series));
    }

    [Fact]
    public void Fit_Again_KeepsThePreparation()
    {
        var model = new SequenceForecaster<double>(Small);
        model.Preparation.Should().BeNull();
        model.Fit(new TimeSeries([.. Enumerable.Range(0, 90).Select(t => t + (0.5 * (t % 4 % 3)))]), Quick with { Epochs = 1 });
        SeriesPreparation? preparation = model.Preparation;

        model.Fit(Wave(90, noise: 0.1, period: Season), Quick with { Epochs = 1 });

        preparation.Should().Be(new SeriesPreparation(Season, Logarithm: false, SeasonalDifference: false, Difference: true));
        model.Preparation.Should().BeSameAs(preparation);
        model.ToString().Should().Contain(", a season of 6 steps, differences");
    }

    [Fact]
    public void Fit_RefusedSeries_LeavesThePreparationOpen()
    {
        var model = new SequenceForecaster<double>(Small);
        FluentActions.Invoking(() => model.Fit(Wave(20, noise: 0.1, period: Season))).Should().Throw<ArgumentException>();
        model.Preparation.Should().BeNull();
    }

    [Fact]
    public void Fit_SameSeed_GivesTheSameForecastWhateverTheThreads()
    {
        TimeSeries series = Wave(90, noise: 0.1, period: Season);
        Forecast Of(int threads, int seed)
        {
            var model = new SequenceForecaster<float>(Small with { Seed = seed }) { Threads = threads };
            model.Fit(series, Quick with { Epochs = 2 });
            return model.Forecast(series);
        }

        Of(2, 1).Values.Should().Equal(Of(1, 1).Values);
        Of(1, 2).Values.Should().NotEqual(Of(1, 1).Values);
    }

    [Fact]
    public void BadSeries_AreRefused()
    {
        TimeSeries series = Wave(90, noise: 0.1, period: Season);
        var model = new SequenceForecaster<double>(Small);
        Action early = () => model.Forecast(series);
        Action shorter = () => model.Fit(series.First(20));
        Action known = () => model.Fit(new TimeSeries(series.Values, [series.Values]));
        Action logarithm = () => new SequenceForecaster<double>(Small with { Logarithm = true }).Fit(series);
        Action season = () => _ = new SequenceForecaster<double>(Small with { Season = 1, SeasonalDifference = true });
        Action nan = () => _ = new TimeSeries([1, double.NaN]);
        Action ragged = () => _ = new TimeSeries([1, 2], [[1]]);

        early.Should().Throw<InvalidOperationException>().WithMessage("*Fit*");
        shorter.Should().Throw<ArgumentException>().WithMessage("*at least 16*of 20*");
        known.Should().Throw<ArgumentException>().WithMessage("*0 further*1*");
        logarithm.Should().Throw<ArgumentException>().WithMessage("*above 0*");
        season.Should().Throw<ArgumentException>().WithMessage("*Season*");
        nan.Should().Throw<ArgumentException>().WithMessage("*NaN at step 1*");
        ragged.Should().Throw<ArgumentException>().WithMessage("*at least 2*of 1*");
        model.Fit(series, Quick with { Epochs = 1 });
        Action left = () => model.Backtest(series, 88);
        left.Should().Throw<ArgumentException>().WithMessage("*88*");
    }

    private static TimeSeries Wave(int steps, double noise, double period)
    {
        var random = new Random(1);
        return new TimeSeries(
            [.. Enumerable.Range(0, steps).Select(t => Math.Sin(2 * Math.PI * t / period) + (noise * (random.NextDouble() - 0.5)))]);
    }
}
