using System.Globalization;
using Forecasting.Svg;
using Lstm.Data;
using Lstm.Metrics;
using Lstm.Models;
using Lstm.Optimizers;
using Lstm.Training;
using Samples.Common;

namespace Forecasting;

/// <summary>A backtest on the end of a series, then a forecast of what follows it.</summary>
public sealed class ForecastingRun
{
    /// <summary>Of a long history the picture shows so many horizons.</summary>
    private const int HorizonsShown = 10;

    private readonly ForecastingOptions _options;
    private readonly TextWriter _output;
    private readonly string _name;
    private readonly TimeSeries _series;
    private readonly int _firstSteps;

    /// <exception cref="DataException">The file is missing or not as it should be, or the series is too short.</exception>
    public ForecastingRun(ForecastingOptions options, TextWriter output)
    {
        (_options, _output) = (options, output);
        OutputFile.Check(options.Picture);
        OutputFile.Check(options.LossPicture);
        if (options.File is null)
        {
            (_name, _series) = ("airline passengers, thousands a month", new TimeSeries(Airline.Passengers));
        }
        else
        {
            var table = CsvFile.Read(options.File);
            int column = table.Column(options.Column);
            (_name, _series) = (table.Names[column], Read(table, column, [.. options.Known.Select(table.Column)]));
        }

        _firstSteps = Math.Max(1, (int)(options.Train * _series.Values.Count));
    }

    /// <summary>Prints the backtest's table and the forecast, and writes the pictures.</summary>
    /// <exception cref="ArithmeticException">The loss or a gradient became NaN or infinite.</exception>
    /// <exception cref="DataException">
    /// The series is too short, or has numbers without a logarithm, or a picture cannot be written.
    /// </exception>
    public void Run()
    {
        SequenceForecaster<float> tested = Fit(_series.First(_firstSteps)).Model;
        Backtest backtest = Checked(() => tested.Backtest(_series, _firstSteps));
        (SequenceForecaster<float> model, TrainingReport report) = Fit(_series);
        Forecast forecast = model.Forecast(_series);
        Print(backtest, forecast, tested.Preparation, model.Preparation);
        WritePictures(forecast, report);
    }

    /// <summary>What a model refuses here is about the data and their lengths, and the message says what.</summary>
    private TResult Checked<TResult>(Func<TResult> call)
    {
        try
        {
            return call();
        }
        catch (ArgumentException exception)
        {
            throw DataException.Refused(
                $"The series of {_series.Values.Count} steps, the first {_firstSteps} of them for the backtest's model to learn, does not fit the options:",
                exception);
        }
    }

    /// <summary>The column to forecast, and those that are known in advance, which continue after it.</summary>
    private TimeSeries Read(CsvFile table, int column, int[] known)
    {
        int ahead = known.Length == 0 ? 0 : table.EmptyAtEnd(column);
        if (known.Contains(column))
        {
            throw new DataException($"Column '{table.Names[column]}' cannot be both forecast and known in advance; --column names the one to forecast.");
        }

        // An empty column has no number in its first row, which is then what is said.
        double[] values = table.Numbers(column, Math.Max(1, table.Rows - ahead));
        if (known.Length > 0 && ahead < _options.Model.Horizon)
        {
            throw new DataException(
                $"{_options.File} must have {_options.Model.Horizon} rows or more after the last number of '{table.Names[column]}', "
                + $"with what is known of the steps to forecast, but has {ahead}.");
        }

        return new TimeSeries(values, [.. known.Select(further => table.Numbers(further, table.Rows))]);
    }

    private (SequenceForecaster<float> Model, TrainingReport Report) Fit(TimeSeries series) => Checked(() =>
    {
        var model = new SequenceForecaster<float>(_options.Model, series.Known.Count) { Threads = _options.Threads };
        TrainingReport report = model.Fit(
            series,
            _options.Epochs is { } epochs ? new TrainerOptions { Epochs = epochs, ClipNorm = 1, Schedule = new CosineSchedule() } : null,
            new AdamWOptimizer<float>(new AdamWOptions { LearningRate = _options.LearningRate }));
        return (model, report);
    });

    private void Print(Backtest backtest, Forecast forecast, SeriesPreparation? tested, SeriesPreparation? whole)
    {
        _output.WriteLine($"{_name}: {_series.Values.Count} steps");
        _output.WriteLine(
            $"Backtest: learnt from the first {_firstSteps}, {backtest.Forecasts} forecasts of {_options.Model.Horizon} steps after them");
        _output.WriteLine($"with {tested}");
        _output.WriteLine($"{"",-16} {"MAE",10} {"RMSE",10} {"MASE",8}");
        Row("LSTM", backtest.Model);
        Row("seasonal naive", backtest.SeasonalNaive);
        Row("naive", backtest.Naive);
        _output.WriteLine(Text($"intervals of {100 * _options.Model.Coverage:0.#} % cover {100 * backtest.Coverage:F1} %"));
        _output.WriteLine();
        _output.WriteLine("Forecast after the last step, learnt from the whole series");
        _output.WriteLine($"with {whole}");
        _output.WriteLine($"{"step",6} {"forecast",12} {"from",12} {"to",12}");
        for (int h = 0; h < forecast.Values.Count; h++)
        {
            _output.WriteLine(Text($"{h + 1,6} {forecast.Values[h],12:F2} {forecast.Lower[h],12:F2} {forecast.Upper[h],12:F2}"));
        }

        void Row(string name, ForecastErrors errors) => _output.WriteLine(
            Text($"{name,-16} {errors.MeanAbsolute,10:F3} {errors.RootMeanSquare,10:F3} {errors.MeanAbsoluteScaled,8:F3}"));
    }

    private void WritePictures(Forecast forecast, TrainingReport report)
    {
        int shown = Math.Min(_series.Values.Count, HorizonsShown * _options.Model.Horizon);
        int first = _series.Values.Count - shown;
        double last = _series.Values[^1];
        string interval = Text($"interval of {100 * _options.Model.Coverage:0.#} %");
        Write(_options.Picture, new Chart
        {
            Title = $"Forecast of {_options.Model.Horizon} steps",
            Horizontal = _options.File is null ? "month" : "step",
            Vertical = _name,
            Unit = _options.File is null ? 12 : 1,
            Label = _options.File is null ? place => $"{Airline.FirstYear + (place / 12)}-{1 + (place % 12):00}" : place => $"{place + 1}",
            Lines =
            [
                new Line("history", Style.History, first, [.. _series.Values.Skip(first)]),

                // From the last number on, so that the line does not begin in the air.
                new Line("forecast", Style.Forecast, _series.Values.Count - 1, [last, .. forecast.Values]),
            ],
            Bands = [new Band(interval, _series.Values.Count - 1, [last, .. forecast.Lower], [last, .. forecast.Upper])],
        });
        Write(_options.LossPicture, new Chart
        {
            Title = "Loss by epoch",
            Horizontal = "epoch",
            Vertical = "mean squared error, scaled",
            Lines = [new Line("training", Style.Forecast, 1, [.. report.History.Select(epoch => epoch.Loss)])],
        });
        _output.WriteLine($"Pictures: {_options.Picture}, {_options.LossPicture}");
    }

    private static void Write(string file, Chart chart) => OutputFile.Write(file, path =>
    {
        using StreamWriter writer = new(path);
        chart.Write(writer);
    });

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
