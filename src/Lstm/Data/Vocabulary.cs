using System.Runtime.InteropServices;
using System.Text;

namespace Lstm.Data;

/// <summary>
/// The tokens that a model knows, characters or words, and their indices from 0. It turns a text into indices and
/// back. It never changes, so any number of threads may use it.
/// </summary>
/// <remarks>
/// <para>
/// Characters are Unicode scalar values; a surrogate without its other half is read as U+FFFD. Words are runs of
/// characters without white space, as they stand: case and punctuation belong to the word, and white space is not
/// kept. Texts are compared by their code units, never by the rules of a culture.
/// </para>
/// <para>
/// A vocabulary may have a token for whatever it does not know, often called <c>&lt;unk&gt;</c>. Without one, an
/// unknown token is refused.
/// </para>
/// </remarks>
public sealed class Vocabulary
{
    private readonly string[] _tokens;
    private readonly Dictionary<string, int> _indices;
    private readonly int _unknownIndex = -1;

    /// <summary>Makes a vocabulary of given tokens in a given order: the way back from a list that was saved.</summary>
    /// <param name="kind">What a text is cut into.</param>
    /// <param name="tokens">The tokens, each once; the index of a token is its place in this list.</param>
    /// <param name="unknown">Which of the tokens stands for all that are not in the list; none if null.</param>
    /// <exception cref="ArgumentNullException">The list or a token is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not one of its values.</exception>
    /// <exception cref="ArgumentException">
    /// The list is empty, has a token twice or one that is not a token of this kind, or lacks <paramref name="unknown"/>.
    /// </exception>
    public Vocabulary(TokenKind kind, IReadOnlyList<string> tokens, string? unknown = null)
    {
        Guard.Defined(kind);
        ArgumentNullException.ThrowIfNull(tokens);
        Guard.Shape(tokens.Count > 0, "a list of at least one token", "empty", nameof(tokens));
        _indices = new Dictionary<string, int>(tokens.Count, StringComparer.Ordinal);
        foreach (string token in tokens)
        {
            ArgumentNullException.ThrowIfNull(token, nameof(tokens));
            int index = _indices.Count;
            Guard.Shape(
                IsToken(token, kind, isUnknown: token == unknown),
                kind == TokenKind.Word ? "words without white space" : "single characters",
                $"'{token}' at {index}",
                nameof(tokens));
            Guard.Shape(_indices.TryAdd(token, index), "different tokens", $"'{token}' again at {index}", nameof(tokens));
        }

        if (unknown is not null)
        {
            Guard.Shape(
                _indices.TryGetValue(unknown, out _unknownIndex), "one of the tokens", $"'{unknown}'", nameof(unknown));
        }

        (Kind, _tokens, Unknown) = (kind, [.. tokens], unknown);
    }

    /// <summary>What a text is cut into.</summary>
    public TokenKind Kind { get; }

    /// <summary>The number of tokens, the one for the unknown included.</summary>
    public int Count => _tokens.Length;

    /// <summary>The tokens by index.</summary>
    public IReadOnlyList<string> Tokens => _tokens;

    /// <summary>The token that stands for all that are not in the vocabulary; null if there is none.</summary>
    public string? Unknown { get; }

    /// <summary>The token of an index.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of its range.</exception>
    public string this[int index]
    {
        get
        {
            Guard.Index(index, Count);
            return _tokens[index];
        }
    }

    /// <summary>
    /// Collects the characters of a text. The token for the unknown, if any, is first; the others follow by code point.
    /// </summary>
    /// <param name="text">The text; at least one character.</param>
    /// <param name="unknown">The token for unknown characters, of any length; none if null.</param>
    /// <returns>The vocabulary.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentException">The text or <paramref name="unknown"/> is empty.</exception>
    public static Vocabulary OfCharacters(string text, string? unknown = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(text);
        CheckUnknown(unknown, TokenKind.Character);
        IEnumerable<string> characters = text.EnumerateRunes().Distinct().Order().Select(rune => rune.ToString());
        return new Vocabulary(TokenKind.Character, WithUnknown(characters, unknown), unknown);
    }

    /// <summary>
    /// Collects the words of a text. The token for the unknown, if any, is first; the others follow by how often they
    /// occur, the most frequent first, and where that is equal by their code units (ordinally).
    /// </summary>
    /// <param name="text">The text; at least one word.</param>
    /// <param name="minimumCount">Words that occur less often are left out; at least 1.</param>
    /// <param name="maximumSize">
    /// The most tokens of the vocabulary, the one for the unknown included; at least 1, no limit if null. The least
    /// frequent words are left out.
    /// </param>
    /// <param name="unknown">
    /// The token for the words that are unknown or left out; none if null. If the text itself holds it as a word, as
    /// prepared texts do, it is the same token.
    /// </param>
    /// <returns>The vocabulary.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    /// <exception cref="ArgumentException">
    /// The text has no word, or none is left, or <paramref name="unknown"/> is not a word.
    /// </exception>
    public static Vocabulary OfWords(string text, int minimumCount = 1, int? maximumSize = null, string? unknown = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        Guard.Positive(minimumCount);
        Guard.Positive(maximumSize ?? 1, nameof(maximumSize));
        CheckUnknown(unknown, TokenKind.Word);
        Dictionary<string, int> counts = CountWords(text);
        Guard.Shape(counts.Count > 0, "a text of at least one word", "without any", nameof(text));
        IEnumerable<string> words = counts
            .Where(word => word.Value >= minimumCount)
            .OrderByDescending(word => word.Value)
            .ThenBy(word => word.Key, StringComparer.Ordinal)
            .Select(word => word.Key);
        string[] tokens = [.. WithUnknown(words, unknown).Take(maximumSize ?? int.MaxValue)];
        Guard.Shape(
            tokens.Length > 0, $"at most {counts.Values.Max()}, the count of the most frequent word",
            $"{minimumCount}", nameof(minimumCount));
        return new Vocabulary(TokenKind.Word, tokens, unknown);
    }

    /// <summary>Finds a token; what is not in the vocabulary is the token for the unknown.</summary>
    /// <param name="token">The token.</param>
    /// <returns>Its index, or that of the token for the unknown.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="token"/> is null.</exception>
    /// <exception cref="ArgumentException">The token is not in the vocabulary, which has none for the unknown.</exception>
    public int IndexOf(string token)
    {
        if (TryGetIndex(token, out int index))
        {
            return index;
        }

        Guard.Shape(Unknown is not null, "a token of the vocabulary", $"'{token}'", nameof(token));
        return _unknownIndex;
    }

    /// <summary>Finds a token in the vocabulary. The token for the unknown stands only for itself here.</summary>
    /// <param name="token">The token.</param>
    /// <param name="index">Its index, or 0 if it is not in the vocabulary.</param>
    /// <returns>Whether the token is in the vocabulary.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="token"/> is null.</exception>
    public bool TryGetIndex(string token, out int index)
    {
        ArgumentNullException.ThrowIfNull(token);
        return _indices.TryGetValue(token, out index);
    }

    /// <summary>Turns a text into the indices of its tokens.</summary>
    /// <param name="text">The text; may be empty.</param>
    /// <returns>An index for each token.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// A token is not in the vocabulary, which has none for the unknown. The message says which, and where it starts.
    /// </exception>
    public int[] Encode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup =
            _indices.GetAlternateLookup<ReadOnlySpan<char>>();
        var indices = new List<int>(Kind == TokenKind.Character ? text.Length : 0);
        var tokens = new Tokenizer(text, Kind);
        while (tokens.MoveNext())
        {
            if (!lookup.TryGetValue(tokens.Current, out int index))
            {
                index = Unknown is not null ? _unknownIndex : throw new ArgumentException(
                    $"text must hold tokens of the vocabulary, but holds '{tokens.Current}' at position {tokens.Position}.",
                    nameof(text));
            }

            indices.Add(index);
        }

        return [.. indices];
    }

    /// <summary>Turns indices into a text: characters side by side, words with a space between two of them.</summary>
    /// <param name="indices">The indices, each from 0 to <see cref="Count"/> − 1; may be none.</param>
    /// <returns>The text.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="indices"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index is out of its range.</exception>
    public string Decode(IEnumerable<int> indices)
    {
        ArgumentNullException.ThrowIfNull(indices);
        var text = new StringBuilder();
        foreach (int index in indices)
        {
            Guard.Index(index, Count, nameof(indices));
            if (Kind == TokenKind.Word && text.Length > 0)
            {
                text.Append(' ');
            }

            text.Append(_tokens[index]);
        }

        return text.ToString();
    }

    /// <summary>Says what the vocabulary is, not what is in it.</summary>
    /// <returns>For example <c>Vocabulary of 10000 words, &lt;unk&gt; for the unknown</c>.</returns>
    public override string ToString() =>
        $"Vocabulary of {Count} {(Kind == TokenKind.Word ? "words" : "characters")}"
        + (Unknown is null ? string.Empty : $", {Unknown} for the unknown");

    /// <summary>Whether a text is one token: the one for unknown characters may be longer than a character.</summary>
    private static bool IsToken(string token, TokenKind kind, bool isUnknown)
    {
        var tokens = new Tokenizer(token, kind);
        return tokens.MoveNext()
            && ((isUnknown && kind == TokenKind.Character) || tokens.Current.SequenceEqual(token));
    }

    private static void CheckUnknown(string? unknown, TokenKind kind) =>
        Guard.Shape(
            unknown is null || IsToken(unknown, kind, isUnknown: true),
            kind == TokenKind.Word ? "a word without white space" : "at least one character",
            $"'{unknown}'",
            nameof(unknown));

    private static IReadOnlyList<string> WithUnknown(IEnumerable<string> tokens, string? unknown) =>
        unknown is null ? [.. tokens] : [unknown, .. tokens.Where(token => token != unknown)];

    private static Dictionary<string, int> CountWords(string text)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup =
            counts.GetAlternateLookup<ReadOnlySpan<char>>();
        var words = new Tokenizer(text, TokenKind.Word);
        while (words.MoveNext())
        {
            CollectionsMarshal.GetValueRefOrAddDefault(lookup, words.Current, out _)++;
        }

        return counts;
    }
}
