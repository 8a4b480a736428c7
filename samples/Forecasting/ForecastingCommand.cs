using System.CommandLine;
using Lstm.Models;
using Samples.Common;

namespace Forecasting;

/// <summary>The command line.</summary>
public static class ForecastingCommand
{
    /// <summary>Runs the program.</summary>
    /// <param name="args">The options.</param>
    /// <param name="output">Where the table goes.</param>
    /// <param name="error">Where it says what went wrong.</param>
    /// <returns>0, or 1 if training failed, 2 if an option or the file is bad.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var defaults = new ForecastingOptions();
        SequenceForecasterOptions model = defaults.Model;
        Option<string?> file = CommandLine.Path("--file", "A CSV file, with the names of its columns in the first line unless that has a number; the airline series if not given");
        Option<string?> column = new("--column") { Description = "The column to forecast; the last one if not given", HelpName = "name" };
        Option<string?> known = new("--known")
        {
            Description = "Further columns that are known in advance, for the steps to forecast as well: the file continues after the last number",
            HelpName = "name,name",
        };
        Option<int> horizon = CommandLine.Number("--horizon", "The steps to forecast", model.Horizon, 1, 10_000);
        Option<int> window = CommandLine.Number("--window", "The steps that the network reads", model.Window, 1, 10_000);
        Option<int?> season = CommandLine.NumberOrNone("--season", "The steps of a season; 1 for none; found in the series if not given", 1, 10_000);
        Option<bool?> logarithm = CommandLine.Switch("--log", "Whether the network sees logarithms; as the series needs it if not given");
        Option<bool?> seasonal = CommandLine.Switch("--seasonal-difference", "Whether it sees differences to the season before; as the series needs it if not given");
        Option<bool?> difference = CommandLine.Switch("--difference", "Whether it sees differences to the step before; as the series needs it if not given");
        Option<bool?> recursive = CommandLine.Switch("--recursive", "Whether it forecasts one step at a time; false if not given");
        Option<double> coverage = CommandLine.Number("--coverage", "The share of the future to lie in the intervals", model.Coverage, 0.01, 0.999);
        Option<int> hidden = CommandLine.Number("--hidden", "The hidden units", model.HiddenUnits, 1, 4096);
        Option<double> train = CommandLine.Number("--train", "The share of the series that the backtest's model learns from", defaults.Train, 0.1, 0.95);
        Option<int?> epochs = CommandLine.NumberOrNone("--epochs", "The epochs; from 20 to 70, the fewer the longer the series, if not given", 1, 1_000_000);
        Option<double> rate = CommandLine.Number("--learning-rate", "AdamW's learning rate at the start", defaults.LearningRate, 0, 1e100);
        Option<int> seed = CommandLine.Number("--seed", "The seed of the weights", model.Seed, int.MinValue, int.MaxValue);
        Option<int> threads = CommandLine.Number("--threads", "The most threads", defaults.Threads, 1, 1024);
        Option<string> picture = CommandLine.Text("--picture", "The SVG file of history, forecast and interval", defaults.Picture);
        Option<string> lossPicture = CommandLine.Text("--loss-picture", "The SVG file of the loss by epoch", defaults.LossPicture);
        var command = new RootCommand("Forecasts a series, and compares with the forecasts that anybody can make.")
        {
            file, column, known, horizon, window, season, logarithm, seasonal, difference, recursive, coverage, hidden, train, epochs, rate,
            seed, threads, picture, lossPicture,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(file) is null && (result.GetValue(column) ?? result.GetValue(known)) is not null)
            {
                result.AddError("--column and --known name columns of a --file.");
            }
        });
        command.SetAction(result =>
        {
            var options = new ForecastingOptions
            {
                File = result.GetValue(file),
                Column = result.GetValue(column),
                Known = result.GetValue(known)?.Split(',', StringSplitOptions.TrimEntries) ?? [],
                Model = new SequenceForecasterOptions
                {
                    Horizon = result.GetRequiredValue(horizon),
                    Window = result.GetRequiredValue(window),
                    Season = result.GetValue(season),
                    Logarithm = result.GetValue(logarithm),
                    SeasonalDifference = result.GetValue(seasonal),
                    Difference = result.GetValue(difference),
                    Recursive = result.GetValue(recursive) ?? false,
                    Coverage = result.GetRequiredValue(coverage),
                    HiddenUnits = result.GetRequiredValue(hidden),
                    Seed = result.GetRequiredValue(seed),
                },
                Train = result.GetRequiredValue(train),
                Epochs = result.GetValue(epochs),
                LearningRate = result.GetRequiredValue(rate),
                Threads = result.GetRequiredValue(threads),
                Picture = result.GetRequiredValue(picture),
                LossPicture = result.GetRequiredValue(lossPicture),
            };
            new ForecastingRun(options, output).Run();
            return CommandLine.Right;
        });
        return CommandLine.Run(command, args, output, error);
    }
}
