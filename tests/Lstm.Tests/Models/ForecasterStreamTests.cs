using Lstm.Data;
using Lstm.Models;
using Lstm.Tests.Losses;
using Lstm.Tests.Support;
using Lstm.Training;

namespace Lstm.Tests.Models;

public class ForecasterStreamTests
{
    private const int Season = 6;
    private const int Steps = 90;
    private static readonly SequenceForecasterOptions Small = new() { Horizon = 3, Window = 8, Season = Season, HiddenUnits = 5 };

    public static TheoryData<SequenceForecasterOptions, int> Models => new()
    {
        { Small, 0 },
        { Small with { Logarithm = true, SeasonalDifference = true, Difference = true }, 0 },
        { Small with { Difference = true, Recursive = true }, 0 },
        { Small with { SeasonalDifference = true }, 2 },
        { Small with { Recursive = true }, 1 },
    };

    [Theory]
    [MemberData(nameof(Models))]
    public void Forecast_AtEveryStep_IsThatOfTheWholeHistoryToTheBit(SequenceForecasterOptions options, int known)
    {
        (SequenceForecaster<float> model, TimeSeries series) = Trained<float>(options, known);
        ForecasterStream<float> stream = model.OpenStream();
        int forecasts = 0;
        for (int t = 0; t < Steps; t++)
        {
            Observe(stream, series, t);
            stream.Steps.Should().Be(t + 1);
            if (t + 1 >= model.LeastSteps)
            {
                stream.Forecast(Ahead(series, t)).Should().BeEquivalentTo(
                    model.Forecast(series.First(t + 1)), compare => compare.WithStrictOrdering());
                forecasts++;
            }
            else
            {
                Refusal.OutOfTurn(() => stream.Forecast(Ahead(series, t)), "Observe", $"{model.LeastSteps}", $"{t + 1}");
            }
        }

        forecasts.Should().BeGreaterThan(50);
    }

    [Fact]
    public void Restore_WhatWasSaved_GoesOnThere()
    {
        (SequenceForecaster<double> model, TimeSeries series) = Trained<double>(Small, known: 1);
        ForecasterStream<double> stream = Opened(model, series, 40);
        using var file = new MemoryStream();
        file.WriteByte(7);
        stream.Save(file);
        file.Position = 1;

        ForecasterStream<double> restored = model.OpenStream();
        restored.Restore(stream.Save());
        ForecasterStream<double> read = model.OpenStream();
        read.Restore(file);
        ForecasterStream<double> clone = stream.Clone();
        Observe(stream, series, 70);

        Forecast expected = model.Forecast(series.First(40));
        foreach (ForecasterStream<double> other in new[] { restored, read, clone })
        {
            other.Steps.Should().Be(40);
            other.Forecast(Ahead(series, 39)).Should().BeEquivalentTo(expected);
        }

        file.Position.Should().Be(file.Length);
        stream.Forecast(Ahead(series, 39)).Should().NotBeEquivalentTo(expected, "it has gone its own way");
    }

    [Fact]
    public void Restore_WhatIsNotOfSuchAStream_IsRefusedAndChangesNothing()
    {
        (SequenceForecaster<float> model, TimeSeries series) = Trained<float>(Small, known: 0);
        ForecasterStream<float> stream = Opened(model, series, 30);
        Forecast expected = stream.Forecast();
        byte[] damaged = stream.Save();
        damaged[^12] ^= 1;
        byte[][] all =
        [
            damaged,
            damaged[..^1],
            model.Network.OpenStream().Save(),
            Trained<float>(Small with { Window = 9 }, known: 0).Model.OpenStream().Save(),
        ];

        all.Should().AllSatisfy(
            bytes => FluentActions.Invoking(() => stream.Restore(bytes)).Should().ThrowExactly<InvalidDataException>());

        stream.Forecast().Should().BeEquivalentTo(expected);
    }

    [Fact]
    public void Reset_Stream_ForgetsWhatItWasTold()
    {
        (SequenceForecaster<float> model, TimeSeries series) = Trained<float>(Small, known: 0);
        ForecasterStream<float> stream = Opened(model, series, 50);

        stream.Reset();

        stream.ToString().Should().StartWith("ForecasterStream<Single> after 0 steps of SequenceForecaster<Single>");
        stream.Save().Should().Equal(model.OpenStream().Save());
        Refusal.OutOfTurn(() => stream.Forecast(), "Observe", "0 times");
    }

    [Fact]
    public void OpenStream_ManyThreads_EachIsAsIfAlone()
    {
        (SequenceForecaster<float> model, TimeSeries series) = Trained<float>(Small, known: 1);
        Forecast[] alone = [.. Enumerable.Range(20, 8).Select(Told)];
        var together = new Forecast[8];

        Parallel.For(0, 8, n => together[n] = Told(20 + n));

        together.Should().BeEquivalentTo(alone, compare => compare.WithStrictOrdering());

        Forecast Told(int steps) => Opened(model, series, steps).Forecast(Ahead(series, steps - 1));
    }

    [Fact]
    public void Observe_OnceOpened_AllocatesNothing()
    {
        ForecasterStream<float> stream = Trained<float>(Small, known: 2).Model.OpenStream();
        ThreadAllocation.OnceWarm(() => stream.Observe(1, 2, 3)).Should().Be(0);
    }

    [Fact]
    public void BadArguments_AreRefusedAndChangeNothing()
    {
        (SequenceForecaster<double> model, TimeSeries series) = Trained<double>(Small with { Logarithm = true }, known: 1);
        ForecasterStream<double> stream = Opened(model, series, 30);
        byte[] before = stream.Save();

        Refusal.Of<ArgumentException>(() => stream.Observe(0, 1), "value", "above 0 for logarithms", "0");
        Refusal.Of<ArgumentException>(() => stream.Observe(double.NaN, 1), "value", "finite", "NaN");
        Refusal.Of<ArgumentException>(() => stream.Observe(1), "known", "1", "0");
        Refusal.Of<ArgumentException>(() => stream.Observe(1, double.PositiveInfinity), "known", "finite", "step 0");
        Refusal.Of<ArgumentException>(() => stream.Forecast(), "known", "1", "0");
        Refusal.Of<ArgumentNullException>(() => stream.Forecast([null!]), "known");
        Refusal.Of<ArgumentException>(() => stream.Forecast([1, 2]), "known", "at least 3", "one of 2");
        Refusal.Of<ArgumentException>(() => stream.Forecast([1, 2, double.NaN]), "known", "NaN at step 2");

        stream.Save().Should().Equal(before);
        Refusal.OutOfTurn(() => new SequenceForecaster<double>(Small).OpenStream(), "Fit");
    }

    private static (SequenceForecaster<T> Model, TimeSeries Series) Trained<T>(SequenceForecasterOptions options, int known)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(1);
        double[] Series(int steps) =>
            [.. Enumerable.Range(0, steps).Select(t => 3 + Math.Sin(t * Math.Tau / Season) + random.NextDouble())];
        TimeSeries series = new(Series(Steps), [.. Enumerable.Range(0, known).Select(_ => Series(Steps + options.Horizon))]);
        var model = new SequenceForecaster<T>(options, known);
        model.Fit(series, new TrainerOptions { Epochs = 1, ClipNorm = 1 });
        return (model, series);
    }

    private static ForecasterStream<T> Opened<T>(SequenceForecaster<T> model, TimeSeries series, int steps)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T>
    {
        ForecasterStream<T> stream = model.OpenStream();
        for (int t = 0; t < steps; t++)
        {
            Observe(stream, series, t);
        }

        return stream;
    }

    private static void Observe<T>(ForecasterStream<T> stream, TimeSeries series, int step)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        stream.Observe(series.Values[step], [.. series.Known.Select(further => further[step])]);

    private static double[][] Ahead(TimeSeries series, int step) => [.. series.Known.Select(further => further.Skip(step + 1).ToArray())];
}
