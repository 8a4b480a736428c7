using System.Text.Json.Nodes;
using Lstm.Interchange;

namespace Lstm.Models;

/// <summary>The options of a language model among the settings of its file. What is null is not there.</summary>
internal static class LanguageModelJson
{
    private const string HiddenUnits = "hidden_units";
    private const string Layers = "layers";
    private const string EmbeddingSize = "embedding_size";
    private const string Dropout = "dropout";
    private const string Tied = "tied";
    private const string InitialRange = "initial_range";
    private const string ForgetBias = "forget_bias";
    private const string Seed = "seed";

    /// <summary>Writes the options.</summary>
    public static JsonObject Write(LanguageModelOptions options)
    {
        var json = new JsonObject
        {
            [HiddenUnits] = options.HiddenUnits,
            [Layers] = options.Layers,
            [Dropout] = options.Dropout,
            [Tied] = options.Tied,
            [Seed] = options.Seed,
        };
        Add(json, EmbeddingSize, options.EmbeddingSize);
        Add(json, InitialRange, options.InitialRange);
        Add(json, ForgetBias, options.ForgetBias);
        return json;
    }

    /// <summary>Reads options.</summary>
    /// <exception cref="ModelFormatException">They make no sense.</exception>
    public static LanguageModelOptions Read(Settings settings) => settings.Make(() => new LanguageModelOptions
    {
        HiddenUnits = settings.WholeNumber(HiddenUnits),
        Layers = settings.WholeNumber(Layers),
        EmbeddingSize = settings.Has(EmbeddingSize) ? settings.WholeNumber(EmbeddingSize, least: 0) : null,
        Dropout = settings.Number(Dropout),
        Tied = settings.Flag(Tied),
        InitialRange = settings.Has(InitialRange) ? settings.Number(InitialRange) : null,
        ForgetBias = settings.Has(ForgetBias) ? settings.Number(ForgetBias) : null,
        Seed = settings.WholeNumber(Seed, least: int.MinValue),
    });

    private static void Add(JsonObject json, string name, double? value)
    {
        if (value is { } number)
        {
            json[name] = number;
        }
    }
}
