using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lstm.Interchange;

/// <summary>
/// Named settings from a file, as a JSON object. What is missing, of another kind, or out of its range is a
/// <see cref="ModelFormatException"/> that names it.
/// </summary>
public sealed class Settings
{
    private readonly string _place;

    internal Settings(JsonObject json, string place) => (Json, _place) = (json, place);

    /// <summary>The object itself.</summary>
    public JsonObject Json { get; }

    /// <summary>Whether there is a setting of that name, even if it is null.</summary>
    /// <param name="name">What it is called.</param>
    /// <returns>Whether it is there.</returns>
    public bool Has(string name) => Json.ContainsKey(name);

    /// <summary>A whole number.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="least">The least that it may be; 1 by default.</param>
    /// <param name="most">The most that it may be.</param>
    /// <returns>The number.</returns>
    /// <exception cref="ModelFormatException">It is not there, no whole number, or out of its range.</exception>
    public int WholeNumber(string name, int least = 1, int most = int.MaxValue) =>
        Value(name, JsonValueKind.Number).TryGetValue(out int number) && number >= least && number <= most
            ? number
            : throw Wrong(name, $"a whole number from {least} to {most}");

    /// <summary>A finite number.</summary>
    /// <param name="name">What it is called.</param>
    /// <returns>The number.</returns>
    /// <exception cref="ModelFormatException">It is not there, or no number.</exception>
    public double Number(string name) =>
        Value(name, JsonValueKind.Number).TryGetValue(out double number) && double.IsFinite(number)
            ? number
            : throw Wrong(name, "a finite number");

    /// <summary>A text.</summary>
    /// <param name="name">What it is called.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ModelFormatException">It is not there, or no text.</exception>
    public string Text(string name) => TextOf(Value(name, JsonValueKind.String), name);

    /// <summary>True or false.</summary>
    /// <param name="name">What it is called.</param>
    /// <returns>Which of them.</returns>
    /// <exception cref="ModelFormatException">It is not there, or neither.</exception>
    public bool Flag(string name) => Json.TryGetPropertyValue(name, out JsonNode? node)
        ? node?.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Wrong(name, "true or false"),
        }
        : throw Missing(name);

    /// <summary>One of the names of an enumeration.</summary>
    /// <typeparam name="TChoice">The enumeration.</typeparam>
    /// <param name="name">What it is called.</param>
    /// <returns>The value of that name.</returns>
    /// <exception cref="ModelFormatException">It is missing, or not one of the names.</exception>
    public TChoice Choice<TChoice>(string name)
        where TChoice : struct, Enum
    {
        string text = Text(name);
        return Enum.TryParse(text, out TChoice choice) && Enum.GetName(choice) == text
            ? choice
            : throw Wrong(name, $"one of {string.Join(", ", Enum.GetNames<TChoice>())}");
    }

    /// <summary>A list of texts.</summary>
    /// <param name="name">What it is called.</param>
    /// <returns>The texts.</returns>
    /// <exception cref="ModelFormatException">It is not there, or no list of texts.</exception>
    public string[] Texts(string name)
    {
        JsonArray list = List(name);
        string[] texts = new string[list.Count];
        for (int n = 0; n < texts.Length; n++)
        {
            texts[n] = list[n] is JsonValue value && value.GetValueKind() == JsonValueKind.String
                ? TextOf(value, name)
                : throw Wrong(name, "a list of texts");
        }

        return texts;
    }

    /// <summary>A list of finite numbers.</summary>
    /// <param name="name">What it is called.</param>
    /// <returns>The numbers.</returns>
    /// <exception cref="ModelFormatException">It is not there, or no list of numbers.</exception>
    public double[] Numbers(string name)
    {
        JsonArray list = List(name);
        double[] numbers = new double[list.Count];
        for (int n = 0; n < numbers.Length; n++)
        {
            bool valid = list[n] is JsonValue value && value.GetValueKind() == JsonValueKind.Number
                && value.TryGetValue(out numbers[n]) && double.IsFinite(numbers[n]);
            if (!valid)
            {
                throw Wrong(name, "a list of finite numbers");
            }
        }

        return numbers;
    }

    /// <summary>Settings within these.</summary>
    /// <param name="name">What they are called.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="ModelFormatException">They are not there, or no object.</exception>
    public Settings Within(string name) => Node(name) is JsonObject inner
        ? new Settings(inner, $"{_place}.{name}")
        : throw Wrong(name, "an object");

    /// <summary>A list of settings within these.</summary>
    /// <param name="name">What it is called.</param>
    /// <returns>The settings, one for each object of the list.</returns>
    /// <exception cref="ModelFormatException">It is not there, or no list of objects.</exception>
    public IReadOnlyList<Settings> ListWithin(string name) => [.. List(name).Select((node, n) => node is JsonObject inner
        ? new Settings(inner, string.Create(CultureInfo.InvariantCulture, $"{_place}.{name}[{n}]"))
        : throw Wrong(name, "a list of objects"))];

    /// <summary>The seed of a random source, of 64 bits.</summary>
    internal ulong Seed(string name) =>
        Value(name, JsonValueKind.Number).TryGetValue(out ulong seed) ? seed : throw Wrong(name, "a whole number of 64 bits");

    /// <summary>What is wrong with a setting, and where it is.</summary>
    internal ModelFormatException Wrong(string name, string expected) =>
        new($"'{name}' of {_place} must be {expected}, but is {Shortened(Json[name])}.");

    /// <summary>Makes something of settings that it may refuse.</summary>
    internal TResult Make<TResult>(Func<TResult> make)
    {
        try
        {
            return make();
        }
        catch (Exception e) when (e is ArgumentException or OverflowException or InvalidOperationException)
        {
            throw new ModelFormatException($"What the file says of {_place} does not make sense: {e.Message}", e);
        }
    }

    private static string Shortened(JsonNode? node)
    {
        const int most = 60;
        string text = node?.ToJsonString() ?? "null";
        return text.Length <= most ? text : text[..most] + "…";
    }

    private string TextOf(JsonValue value, string name)
    {
        try
        {
            return value.GetValue<string>();
        }
        catch (InvalidOperationException)
        {
            // Half of a character that takes two, which the value cannot be shown for either.
            throw new ModelFormatException($"'{name}' of {_place} is not well-formed text.");
        }
    }

    private JsonNode? Node(string name) => Json.TryGetPropertyValue(name, out JsonNode? node) ? node : throw Missing(name);

    private JsonValue Value(string name, JsonValueKind kind) =>
        Node(name) is JsonValue value && value.GetValueKind() == kind ? value : throw Wrong(name, $"a {kind}");

    private JsonArray List(string name) => Node(name) as JsonArray ?? throw Wrong(name, "a list");

    private ModelFormatException Missing(string name) => new($"There is no '{name}' in {_place}.");
}
