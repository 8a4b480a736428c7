using Lstm.Data;
using Lstm.Interchange;
using Lstm.Layers;

namespace Lstm.Models;

public sealed partial class SequenceToSequence<T>
{
    private const string Kind = "SequenceToSequence";
    private const int Version = 1;

    // What the parts of the network and the settings are called in a file.
    private const string EncoderName = "encoder";
    private const string TargetEmbeddingName = "targetEmbedding";
    private const string DecoderName = "decoder";
    private const string OutputName = "output";
    private const string SourceName = "source";
    private const string TargetName = "target";
    private const string MaximumLengthName = "maximumLength";

    private SequenceToSequence(Vocabulary source, Vocabulary target, EncoderDecoder<T> network) =>
        (Source, Target, Network) = (source, target, network);

    /// <summary>Saves the model to a file in the format of safetensors: vocabularies, options and weights.</summary>
    /// <param name="path">The file. The old one stays as it is until the new one is written; see <see cref="AtomicFile"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => Write().Save(path);

    /// <summary>Saves the model to a stream.</summary>
    /// <param name="stream">The stream, which is left open.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void Save(Stream stream) => Write().Save(stream);

    /// <summary>Loads a model from a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="ModelFormatException">The file is damaged, of a later version, or not one of such a model.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static SequenceToSequence<T> Load(string path)
    {
        using ModelReader<T> reader = ModelReader<T>.Open(path, Kind, Version);
        return Read(reader);
    }

    /// <summary>Loads a model from a stream.</summary>
    /// <param name="stream">A stream that can seek, from its beginning; all of it is the file. It is closed.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read or cannot seek.</exception>
    /// <exception cref="ModelFormatException">The file is damaged, of a later version, or not one of such a model.</exception>
    public static SequenceToSequence<T> Load(Stream stream)
    {
        using ModelReader<T> reader = ModelReader<T>.Open(stream, Kind, Version);
        return Read(reader);
    }

    private static SequenceToSequence<T> Read(ModelReader<T> reader)
    {
        Settings settings = reader.Configuration;
        SequenceToSequenceOptions options = reader.Make(() => new SequenceToSequenceOptions
        {
            EmbeddingSize = settings.WholeNumber("embeddingSize"),
            HiddenUnits = settings.WholeNumber("hiddenUnits"),
            Layers = settings.WholeNumber("layers"),
            ReverseSource = settings.Flag("reverseSource"),
            Peeky = settings.Flag("peeky"),
            Dropout = settings.Number("dropout"),
            TeacherForcing = settings.Number("teacherForcing"),
            BatchSize = settings.WholeNumber("batchSize"),
            Seed = settings.WholeNumber("seed", int.MinValue),
        });
        Vocabulary source = VocabularyJson.Read(settings.Within(SourceName));
        Vocabulary target = VocabularyJson.Read(settings.Within(TargetName));
        int maximumLength = settings.WholeNumber(MaximumLengthName);
        var layers = new EncoderDecoderLayers<T>(
            reader.Layer<Network<T>>(EncoderName),
            reader.Layer<Network<T>>(TargetEmbeddingName),
            reader.Layer<Network<T>>(DecoderName),
            reader.Layer<DenseLayer<T>>(OutputName));
        reader.Finish();
        return reader.Make(() =>
        {
            var network = new EncoderDecoder<T>(layers, options);
            CheckTokens(source, network.SourceTokens, nameof(source));
            CheckTokens(target, network.TargetTokens, nameof(target));
            return new SequenceToSequence<T>(source, target, network) { MaximumLength = maximumLength };
        });
    }

    private static void CheckTokens(Vocabulary vocabulary, int tokens, string name) =>
        Guard.Shape(vocabulary.Count == tokens, $"of {tokens} tokens, as the network is", $"{vocabulary}", name);

    private ModelWriter<T> Write()
    {
        var writer = new ModelWriter<T>(Kind, Version)
        {
            Configuration =
            {
                ["embeddingSize"] = Options.EmbeddingSize,
                ["hiddenUnits"] = Options.HiddenUnits,
                ["layers"] = Options.Layers,
                ["reverseSource"] = Options.ReverseSource,
                ["peeky"] = Options.Peeky,
                ["dropout"] = Options.Dropout,
                ["teacherForcing"] = Options.TeacherForcing,
                ["batchSize"] = Options.BatchSize,
                ["seed"] = Options.Seed,
                [MaximumLengthName] = MaximumLength,
                [SourceName] = VocabularyJson.Write(Source),
                [TargetName] = VocabularyJson.Write(Target),
            },
        };
        writer.Add(EncoderName, Network.Encoder);
        writer.Add(TargetEmbeddingName, Network.TargetEmbedding);
        writer.Add(DecoderName, Network.Decoder);
        writer.Add(OutputName, Network.Output);
        return writer;
    }
}
