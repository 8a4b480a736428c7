namespace Lstm.Data;

/// <summary>Texts of a sentence a line, as language models over words are often trained on.</summary>
public static class Sentences
{
    /// <summary>What stands at the end of a sentence: <c>&lt;eos&gt;</c>, as in the Penn Treebank experiments of the literature.</summary>
    public const string End = "<eos>";

    /// <summary>
    /// Puts a word at the end of each line, so that a model of words learns where sentences end. A last line without a line
    /// break has an end as well; an empty line is a sentence without words.
    /// </summary>
    /// <param name="text">The text, its lines separated by <c>\n</c> or <c>\r\n</c>; may be empty.</param>
    /// <param name="end">The word.</param>
    /// <returns>The text with <c> &lt;eos&gt;</c> before each line break and at the end.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="end"/> is not a word: null, empty, or with white space in it.</exception>
    public static string MarkEnds(string text, string end = End)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentException.ThrowIfNullOrWhiteSpace(end);
        Guard.Shape(!end.Any(char.IsWhiteSpace), "a word without white space", $"'{end}'", nameof(end));
        string marked = text.Replace("\n", $" {end}\n", StringComparison.Ordinal);
        return text.Length == 0 || text.EndsWith('\n') ? marked : $"{marked} {end}";
    }
}
