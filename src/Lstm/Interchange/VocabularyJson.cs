using System.Text.Json.Nodes;
using Lstm.Data;

namespace Lstm.Interchange;

/// <summary>A vocabulary among the settings of a model: its kind, its tokens in order, and which of them is for the unknown.</summary>
internal static class VocabularyJson
{
    private const string Kind = "kind";
    private const string Tokens = "tokens";
    private const string Unknown = "unknown";

    /// <summary>Writes a vocabulary.</summary>
    public static JsonObject Write(Vocabulary vocabulary)
    {
        var json = new JsonObject
        {
            [Kind] = vocabulary.Kind.ToString(),
            [Tokens] = new JsonArray([.. vocabulary.Tokens.Select(token => JsonValue.Create(token))]),
        };
        if (vocabulary.Unknown is not null)
        {
            json[Unknown] = vocabulary.Unknown;
        }

        return json;
    }

    /// <summary>Reads a vocabulary.</summary>
    /// <exception cref="ModelFormatException">It makes no sense.</exception>
    public static Vocabulary Read(Settings settings) => settings.Make(() => new Vocabulary(
        settings.Choice<TokenKind>(Kind),
        settings.Texts(Tokens),
        settings.Has(Unknown) ? settings.Text(Unknown) : null));
}
