using System.Text;

namespace Lstm.Tasks;

/// <summary>
/// The embedded Reber grammar (Cleeremans, Servan-Schreiber and McClelland 1989; figure 4 of Hochreiter and Schmidhuber
/// 1997): B, then T or P, then a string of Reber's grammar, then the same T or P again, then E. The last symbol but one
/// depends on what was said at the second, and on nothing in between.
/// </summary>
public static class ReberGrammar
{
    /// <summary>All symbols. The place of one is the number that stands for it.</summary>
    public const string Alphabet = "BTPSXVE";

    /// <summary>The arrows that leave each node of Reber's grammar after its B; the last one leads out of it.</summary>
    private static readonly (char Symbol, int Node)[][] Arrows =
    [
        [('T', 1), ('P', 2)],
        [('S', 1), ('X', 3)],
        [('T', 2), ('V', 4)],
        [('X', 2), ('S', 5)],
        [('P', 3), ('V', 5)],
        [('E', 6)],
    ];

    /// <summary>The symbols of the arrows of each node.</summary>
    private static readonly string[] Choices = [.. Arrows.Select(arrows => string.Concat(arrows.Select(arrow => arrow.Symbol)))];

    /// <summary>Draws a string; where two symbols may follow, each is as likely.</summary>
    /// <param name="random">The source of randomness.</param>
    /// <returns>The string, of 9 symbols or more, and 12 in the mean.</returns>
    public static ReberString Draw(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        char branch = random.Next(2) == 0 ? 'T' : 'P';
        var symbols = new StringBuilder().Append('B').Append(branch).Append('B');
        List<string> followers = ["TP", "B"];
        for (int node = 0; node < Arrows.Length;)
        {
            followers.Add(Choices[node]);
            (char symbol, node) = Arrows[node][random.Next(Arrows[node].Length)];
            symbols.Append(symbol);
        }

        followers.AddRange([branch.ToString(), "E"]);
        return new ReberString(symbols.Append(branch).Append('E').ToString(), followers);
    }

    /// <summary>Writes a 1 at the place of each symbol, and 0 at the others.</summary>
    /// <param name="symbols">One symbol or more.</param>
    /// <param name="values">As many numbers as there are symbols in the alphabet.</param>
    public static void Encode(ReadOnlySpan<char> symbols, Span<float> values)
    {
        for (int n = 0; n < Alphabet.Length; n++)
        {
            values[n] = symbols.Contains(Alphabet[n]) ? 1 : 0;
        }
    }
}
