using System.Buffers;
using System.Text;

namespace Lstm.Data;

/// <summary>Cuts a text into tokens, one <see cref="MoveNext"/> a token, without an allocation.</summary>
internal ref struct Tokenizer(string text, TokenKind kind)
{
    private const string Replacement = "\uFFFD";

    private readonly ReadOnlySpan<char> _text = text;
    private int _next;

    /// <summary>The token. A surrogate without its other half is read as U+FFFD, as everywhere in .NET.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>Where the token starts in the text.</summary>
    public int Position { get; private set; }

    public bool MoveNext()
    {
        if (kind == TokenKind.Word)
        {
            while (_next < _text.Length && char.IsWhiteSpace(_text[_next]))
            {
                _next++;
            }
        }

        if (_next >= _text.Length)
        {
            return false;
        }

        Position = _next;
        Current = kind == TokenKind.Word ? Word() : Character();
        return true;
    }

    private ReadOnlySpan<char> Word()
    {
        do
        {
            _next++;
        }
        while (_next < _text.Length && !char.IsWhiteSpace(_text[_next]));
        return _text[Position.._next];
    }

    private ReadOnlySpan<char> Character()
    {
        bool whole = Rune.DecodeFromUtf16(_text[_next..], out _, out int length) == OperationStatus.Done;
        _next += length;
        return whole ? _text[Position.._next] : Replacement;
    }
}
