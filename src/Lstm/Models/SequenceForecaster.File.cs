using System.Text.Json.Nodes;
using Lstm.Data;
using Lstm.Interchange;

namespace Lstm.Models;

public sealed partial class SequenceForecaster<T>
{
    private const string Kind = "SequenceForecaster";

    /// <summary>Up to version 1 all options were set; since 2 those that are left open are left out, and what was chosen is beside them.</summary>
    private const int Version = 2;
    private const string NetworkName = "network";
    private const string OffsetsName = "scalingOffsets";
    private const string FactorsName = "scalingFactors";
    private const string WidthsName = "intervalWidths";
    private const string PreparationName = "preparation";
    private const string SeasonName = "season";
    private const string LogarithmName = "logarithm";
    private const string SeasonalName = "seasonalDifference";
    private const string DifferenceName = "difference";

    private SequenceForecaster(
        SequenceForecasterOptions options, SeriesPreparation preparation, int known, Network<T> network, FeatureScaling scaling, double[] widths) =>
        (Options, Preparation, Known, Network, _scaling, _widths) = (options, preparation, known, network, scaling, widths);

    /// <summary>Saves the trained model to a file in the format of safetensors: options, scaling, intervals and weights.</summary>
    /// <param name="path">The file. The old one stays as it is until the new one is written; see <see cref="AtomicFile"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The model has not been trained.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => Writer().Save(path);

    /// <summary>Writes the trained model to a stream in the format of safetensors.</summary>
    /// <param name="stream">The stream, which is left open.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="InvalidOperationException">The model has not been trained.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void Save(Stream stream) => Writer().Save(stream);

    /// <summary>Loads a model from a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="ModelFormatException">The file is damaged, of a later version, or not one of such a model.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SequenceForecaster<T> Load(string path)
    {
        using ModelReader<T> reader = ModelReader<T>.Open(path, Kind, Version);
        return Read(reader);
    }

    /// <summary>Reads a model from a stream.</summary>
    /// <param name="stream">A stream that can seek, from its beginning to its end. It is closed.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read or cannot seek.</exception>
    /// <exception cref="ModelFormatException">The file is damaged, of a later version, or not one of such a model.</exception>
    public static SequenceForecaster<T> Load(Stream stream)
    {
        using ModelReader<T> reader = ModelReader<T>.Open(stream, Kind, Version);
        return Read(reader);
    }

    private ModelWriter<T> Writer()
    {
        double[] widths = _widths ?? throw new InvalidOperationException("Fit must be called before Save.");
        var writer = new ModelWriter<T>(Kind, Version)
        {
            Configuration =
            {
                ["horizon"] = Options.Horizon,
                ["window"] = Options.Window,
                ["recursive"] = Options.Recursive,
                ["coverage"] = Options.Coverage,
                ["calibration"] = Options.Calibration,
                ["hiddenUnits"] = Options.HiddenUnits,
                ["layers"] = Options.Layers,
                ["batchSize"] = Options.BatchSize,
                ["seed"] = Options.Seed,
                ["known"] = Known,
                [PreparationName] = new JsonObject
                {
                    [SeasonName] = Prepared.Season,
                    [LogarithmName] = Prepared.Logarithm,
                    [SeasonalName] = Prepared.SeasonalDifference,
                    [DifferenceName] = Prepared.Difference,
                },
            },
        };
        AddIfSet(SeasonName, Options.Season);
        AddIfSet(LogarithmName, Options.Logarithm);
        AddIfSet(SeasonalName, Options.SeasonalDifference);
        AddIfSet(DifferenceName, Options.Difference);
        writer.Add(NetworkName, Network);
        writer.Add(OffsetsName, [1 + Known], _scaling!.Offsets.ToArray());
        writer.Add(FactorsName, [1 + Known], _scaling.Factors.ToArray());
        writer.Add(WidthsName, [Options.Horizon], widths);
        return writer;

        void AddIfSet(string name, JsonNode? value)
        {
            if (value is not null)
            {
                writer.Configuration[name] = value;
            }
        }
    }

    private static SequenceForecaster<T> Read(ModelReader<T> reader)
    {
        Settings settings = reader.Configuration;
        SequenceForecasterOptions options = reader.Make(() => new SequenceForecasterOptions
        {
            Horizon = settings.WholeNumber("horizon"),
            Window = settings.WholeNumber("window"),
            Season = settings.Has(SeasonName) ? settings.WholeNumber(SeasonName) : null,
            Logarithm = FlagOrNone(LogarithmName),
            SeasonalDifference = FlagOrNone(SeasonalName),
            Difference = FlagOrNone(DifferenceName),
            Recursive = settings.Flag("recursive"),
            Coverage = settings.Number("coverage"),
            Calibration = settings.Number("calibration"),
            HiddenUnits = settings.WholeNumber("hiddenUnits"),
            Layers = settings.WholeNumber("layers"),
            BatchSize = settings.WholeNumber("batchSize"),
            Seed = settings.WholeNumber("seed", int.MinValue),
        });
        Settings chosen = reader.Version == 1 ? settings : settings.Within(PreparationName);
        SeriesPreparation preparation = new(
            chosen.WholeNumber(SeasonName), chosen.Flag(LogarithmName), chosen.Flag(SeasonalName), chosen.Flag(DifferenceName));
        int known = settings.WholeNumber("known", least: 0, most: int.MaxValue - 1);
        Network<T> network = reader.Layer<Network<T>>(NetworkName);
        FeatureScaling scaling = reader.Make(() => new FeatureScaling(
            reader.Values<double>(OffsetsName, 1 + known), reader.Values<double>(FactorsName, 1 + known)));
        double[] widths = reader.Values<double>(WidthsName, options.Horizon);
        reader.Finish();
        return reader.Make(() =>
        {
            int outputs = options.Recursive ? 1 : options.Horizon;
            Guard.Shape(
                network.Outputs == outputs && network.Inputs == 1L + ((long)known * outputs) && !network.GivesOneStep && network.IsCausal,
                $"one of {1L + ((long)known * outputs)} inputs and {outputs} outputs at each step, which can take single steps",
                $"{network}",
                nameof(network));
            Guard.Shape(widths.All(width => width >= 0), "at least 0", "negative or NaN", nameof(widths));
            return new SequenceForecaster<T>(options, preparation, known, network, scaling, widths);
        });

        bool? FlagOrNone(string name) => settings.Has(name) ? settings.Flag(name) : null;
    }
}
