namespace Lstm.Tasks;

/// <summary>Strings of the embedded Reber grammar one after the other, without an end and without a mark in between.</summary>
/// <param name="random">The source of randomness.</param>
public sealed class ReberStream(Random random)
{
    private ReberString _current = ReberGrammar.Draw(random);
    private int _next;

    /// <summary>Reads the next symbol.</summary>
    /// <returns>The symbol, and all that may follow it.</returns>
    public (char Symbol, string Followers) Read()
    {
        if (_next == _current.Symbols.Length)
        {
            (_current, _next) = (ReberGrammar.Draw(random), 0);
        }

        char symbol = _current.Symbols[_next];

        // After the end of a string comes the beginning of another.
        string followers = _next < _current.Followers.Count ? _current.Followers[_next] : "B";
        _next++;
        return (symbol, followers);
    }
}
