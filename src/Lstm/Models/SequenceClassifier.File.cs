using System.Globalization;
using System.Text.Json.Nodes;
using Lstm.Data;
using Lstm.Interchange;

namespace Lstm.Models;

public sealed partial class SequenceClassifier<T, TLabel>
{
    private const string Kind = "SequenceClassifier";
    private const int Version = 1;
    private const string NetworkName = "network";
    private const string OffsetsName = "scalingOffsets";
    private const string FactorsName = "scalingFactors";

    /// <summary>Saves the model to a file in the format of safetensors: labels, scaling, options and weights.</summary>
    /// <param name="path">The file. The old one stays as it is until the new one is written; see <see cref="AtomicFile"/>.</param>
    /// <param name="toText">How a label is written; as text in the invariant culture if null. No two labels may give the same.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="InvalidOperationException">Two labels give the same text.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, Func<TLabel, string>? toText = null) => Write(toText).Save(path);

    /// <summary>Writes the model to a stream in the format of safetensors.</summary>
    /// <param name="stream">The stream, which is left open.</param>
    /// <param name="toText">How a label is written; as text in the invariant culture if null. No two labels may give the same.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="InvalidOperationException">Two labels give the same text.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void Save(Stream stream, Func<TLabel, string>? toText = null) => Write(toText).Save(stream);

    /// <summary>Loads a model from a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="toLabel">The label of a text: <c>int.Parse</c>, say, or <c>text => text</c>.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ModelFormatException">The file is damaged, of a later version, or not one of such a model.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SequenceClassifier<T, TLabel> Load(string path, Func<string, TLabel> toLabel)
    {
        ArgumentNullException.ThrowIfNull(toLabel);
        using ModelReader<T> reader = ModelReader<T>.Open(path, Kind, Version);
        return Read(reader, toLabel);
    }

    /// <summary>Reads a model from a stream.</summary>
    /// <param name="stream">A stream that can seek, from its beginning to its end. It is closed.</param>
    /// <param name="toLabel">The label of a text: <c>int.Parse</c>, say, or <c>text => text</c>.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read or cannot seek.</exception>
    /// <exception cref="ModelFormatException">The file is damaged, of a later version, or not one of such a model.</exception>
    public static SequenceClassifier<T, TLabel> Load(Stream stream, Func<string, TLabel> toLabel)
    {
        ArgumentNullException.ThrowIfNull(toLabel);
        using ModelReader<T> reader = ModelReader<T>.Open(stream, Kind, Version);
        return Read(reader, toLabel);
    }

    private ModelWriter<T> Write(Func<TLabel, string>? toText)
    {
        toText ??= label => Convert.ToString(label, CultureInfo.InvariantCulture)!;
        string[] labels = [.. Labels.Select(toText)];
        if (labels.Distinct().Count() < labels.Length)
        {
            throw new InvalidOperationException($"Two labels give the same text: {string.Join(", ", labels)}.");
        }

        var writer = new ModelWriter<T>(Kind, Version)
        {
            Configuration =
            {
                ["labels"] = new JsonArray([.. labels.Select(label => JsonValue.Create(label))]),
                ["hiddenUnits"] = Options.HiddenUnits,
                ["layers"] = Options.Layers,
                ["bidirectional"] = Options.Bidirectional,
                ["summary"] = Options.Summary.ToString(),
                ["dropout"] = Options.Dropout,
                ["scaling"] = Options.Scaling.ToString(),
                ["batchSize"] = Options.BatchSize,
                ["seed"] = Options.Seed,
            },
        };
        writer.Add(NetworkName, Network);
        writer.Add(OffsetsName, [Scaling.Features], Scaling.Offsets.ToArray());
        writer.Add(FactorsName, [Scaling.Features], Scaling.Factors.ToArray());
        return writer;
    }

    private static SequenceClassifier<T, TLabel> Read(ModelReader<T> reader, Func<string, TLabel> toLabel)
    {
        Settings settings = reader.Configuration;
        SequenceClassifierOptions options = reader.Make(() => new SequenceClassifierOptions
        {
            HiddenUnits = settings.WholeNumber("hiddenUnits"),
            Layers = settings.WholeNumber("layers"),
            Bidirectional = settings.Flag("bidirectional"),
            Summary = settings.Choice<SequenceSummary>("summary"),
            Dropout = settings.Number("dropout"),
            Scaling = settings.Choice<ScalingKind>("scaling"),
            BatchSize = settings.WholeNumber("batchSize"),
            Seed = settings.WholeNumber("seed", int.MinValue),
        });
        string[] texts = settings.Texts("labels");
        Network<T> network = reader.Layer<Network<T>>(NetworkName);
        FeatureScaling scaling = reader.Make(() => new FeatureScaling(
            reader.Values<double>(OffsetsName, network.Inputs), reader.Values<double>(FactorsName, network.Inputs)));
        reader.Finish();
        return reader.Make(() =>
        {
            TLabel[] labels = [.. texts.Select(toLabel)];
            Guard.Shape(
                labels.Distinct().Count() == network.Outputs && labels.Length == network.Outputs && network.GivesOneStep,
                $"{network.Outputs} different labels, as the network has outputs",
                string.Join(", ", labels),
                nameof(labels));
            return new SequenceClassifier<T, TLabel>(labels, scaling, network, options);
        });
    }
}
