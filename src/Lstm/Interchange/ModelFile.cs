using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lstm.Interchange;

/// <summary>
/// What the files of <see cref="ModelWriter{T}"/> have in common. In their metadata there is one text,
/// <c>{"version": …, "model": {"kind": …, "version": …}, "layers": {…}, "configuration": {…}}</c>.
/// </summary>
internal static class ModelFile
{
    /// <summary>The key of the metadata.</summary>
    public const string Key = "lstm";

    /// <summary>The version of the file's layout, increased when older programs could no longer read what is written.</summary>
    public const int Version = 1;

    /// <summary>The most layers of a file, wrappers and networks counted: each takes memory without weights of its own.</summary>
    public const int MostLayers = 1024;

    /// <summary>How deeply objects and lists may be nested: each layer within another takes up to two levels.</summary>
    private const int MostDepth = (2 * 64) + 32;

    /// <summary>
    /// Limits of the configuration, for any file and for each of its bytes, which keep its memory in proportion to the
    /// file.
    /// </summary>
    private const int TokensOfAnyFile = 65_536;
    private const int FileBytesOfToken = 64;
    private const int TextOfAnyFile = 8_000_000;
    private const int FileBytesOfText = 4;

    /// <summary>Parses the configuration of a file, unless it would take much more memory than the file.</summary>
    public static Settings Parse(byte[] utf8, long fileLength)
    {
        if (utf8.Length > TextOfAnyFile + (fileLength / FileBytesOfText))
        {
            throw new ModelFormatException($"The configuration of the model has {utf8.Length} bytes, which is too much for its weights.");
        }

        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MostDepth });
            long most = TokensOfAnyFile + (fileLength / FileBytesOfToken);
            for (long tokens = 0; reader.Read(); tokens++)
            {
                if (tokens == most)
                {
                    throw new ModelFormatException($"The configuration has more than {most} elements, too many for its weights.");
                }
            }

            JsonObject json = JsonNode.Parse(utf8, documentOptions: new JsonDocumentOptions { MaxDepth = MostDepth }) as JsonObject
                ?? throw new ModelFormatException("The configuration of the model is not a JSON object.");
            Visit(json);
            return new Settings(json, "the configuration");
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            throw new ModelFormatException($"The configuration of the model is not well-formed: {e.Message}", e);
        }
    }

    /// <summary>Visits all objects: the first access to one finds keys that occur twice.</summary>
    private static void Visit(JsonNode? node)
    {
        if (node is JsonObject inner)
        {
            foreach ((string _, JsonNode? value) in inner)
            {
                Visit(value);
            }
        }
        else if (node is JsonArray list)
        {
            foreach (JsonNode? value in list)
            {
                Visit(value);
            }
        }
    }
}
