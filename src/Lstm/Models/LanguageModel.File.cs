using Lstm.Data;
using Lstm.Interchange;

namespace Lstm.Models;

/// <content>Saving and loading.</content>
public sealed partial class LanguageModel<T>
{
    // What the parts of a file are called.
    private const string Kind = "LanguageModel";
    private const int Version = 1;
    private const string NetworkName = "network";
    private const string VocabularyName = "vocabulary";
    private const string OptionsName = "options";

    /// <summary>Saves the model to a file in the format of safetensors: vocabulary, options and weights.</summary>
    /// <param name="path">The file. The old one stays as it is until the new one is written; see <see cref="AtomicFile"/>.</param>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => Write().Save(path);

    /// <summary>Saves the model to a stream in the format of safetensors.</summary>
    /// <param name="stream">The stream, which is left open.</param>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void Save(Stream stream) => Write().Save(stream);

    /// <summary>Reads a model that <see cref="Save(string)"/> has written.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The model, which computes what the saved one did; of another element type, the same except for rounding.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="ModelFormatException">The file is damaged, or not of a language model.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static LanguageModel<T> Load(string path)
    {
        using ModelReader<T> reader = ModelReader<T>.Open(path, Kind, Version);
        return Read(reader);
    }

    /// <summary>Reads a model that <see cref="Save(Stream)"/> has written.</summary>
    /// <param name="stream">A stream that can seek, from its beginning to its end. It is closed.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read or cannot seek.</exception>
    /// <exception cref="ModelFormatException">The file is damaged, or not of a language model.</exception>
    public static LanguageModel<T> Load(Stream stream)
    {
        using ModelReader<T> reader = ModelReader<T>.Open(stream, Kind, Version);
        return Read(reader);
    }

    private ModelWriter<T> Write()
    {
        var writer = new ModelWriter<T>(Kind, Version);
        writer.Configuration[VocabularyName] = VocabularyJson.Write(Vocabulary);
        writer.Configuration[OptionsName] = LanguageModelJson.Write(Options);
        writer.Add(NetworkName, Network);
        return writer;
    }

    private static LanguageModel<T> Read(ModelReader<T> reader)
    {
        Vocabulary vocabulary = VocabularyJson.Read(reader.Configuration.Within(VocabularyName));
        LanguageModelOptions options = LanguageModelJson.Read(reader.Configuration.Within(OptionsName));
        Network<T> network = reader.Layer<Network<T>>(NetworkName);
        if (network.Inputs != 1 || network.Outputs != vocabulary.Count || !network.IsCausal || network.GivesOneStep)
        {
            throw new ModelFormatException(
                $"The network must take a token and give the next of {vocabulary.Count}, but is {network.Inputs} → {network.Outputs}.");
        }

        reader.Finish();
        return new LanguageModel<T>(vocabulary, options, network);
    }
}
