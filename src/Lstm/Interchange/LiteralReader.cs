namespace Lstm.Interchange;

/// <summary>Reads the few literals of Python that NumPy's headers have. Nothing is evaluated.</summary>
internal sealed class LiteralReader(string text, string name)
{
    private int _at;

    public ModelFormatException Error(string message) => new($"The header of '{name}' is not NumPy's: {message}.", _at);

    public bool TryTake(char expected)
    {
        SkipBlanks();
        if (_at < text.Length && text[_at] == expected)
        {
            _at++;
            return true;
        }

        return false;
    }

    public void Expect(char expected)
    {
        if (!TryTake(expected))
        {
            throw Error($"there should be '{expected}'");
        }
    }

    public void ExpectEnd()
    {
        SkipBlanks();
        if (_at != text.Length)
        {
            throw Error("something follows it");
        }
    }

    public string Text()
    {
        SkipBlanks();
        char quote = _at < text.Length ? text[_at] : default;
        int end = quote is '\'' or '"' ? text.IndexOf(quote, _at + 1) : -1;
        if (end < 0)
        {
            throw Error("there should be a text");
        }

        string value = text[(_at + 1)..end];
        _at = end + 1;
        return !value.Contains('\\', StringComparison.Ordinal) ? value : throw Error("a text has a backslash");
    }

    public bool Flag()
    {
        SkipBlanks();
        return Word("True") || (Word("False") ? false : throw Error("there should be True or False"));
    }

    public long[] Numbers(int most)
    {
        var numbers = new List<long>();
        Expect('(');
        while (!TryTake(')'))
        {
            if (numbers.Count == most)
            {
                throw Error($"there are more than {most} dimensions");
            }

            numbers.Add(Number());
            if (!TryTake(','))
            {
                Expect(')');
                break;
            }
        }

        return [.. numbers];
    }

    private long Number()
    {
        SkipBlanks();
        int start = _at;
        while (_at < text.Length && char.IsAsciiDigit(text[_at]))
        {
            _at++;
        }

        return long.TryParse(
            text.AsSpan(start, _at - start), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out long number)
            ? number
            : throw Error("there should be a whole number from 0 to 2^63 - 1");
    }

    private bool Word(string word)
    {
        if (string.CompareOrdinal(text, _at, word, 0, word.Length) == 0)
        {
            _at += word.Length;
            return true;
        }

        return false;
    }

    private void SkipBlanks()
    {
        while (_at < text.Length && text[_at] is ' ' or '\t' or '\n' or '\r')
        {
            _at++;
        }
    }
}
