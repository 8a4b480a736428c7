using System.Globalization;
using Lstm.Data;
using Samples.Common;

namespace Addition;

/// <summary>
/// Sums as texts: a question of <see cref="QuestionLength"/> characters, <c>16+75  </c>, and an answer of
/// <see cref="AnswerLength"/>, <c>91  </c>. A line of a file has a <c>_</c> between the two.
/// </summary>
public static class Sums
{
    /// <summary>The characters of a question: two numbers of three digits and the sign.</summary>
    public const int QuestionLength = 7;

    /// <summary>The characters of an answer.</summary>
    public const int AnswerLength = 4;

    private const int MaxDigits = 3;
    private const char Separator = '_';

    /// <summary>Makes sums of two numbers of one to three digits, no question twice.</summary>
    /// <param name="count">How many; at most the 1,000,000 that there are.</param>
    /// <param name="random">Where the digits come from.</param>
    public static IReadOnlyList<TextPair> Make(int count, Random random)
    {
        var seen = new HashSet<(int, int)>();
        var sums = new List<TextPair>(count);
        while (sums.Count < count)
        {
            (int a, int b) = (Number(random), Number(random));
            if (seen.Add((a, b)))
            {
                sums.Add(Pair(
                    string.Create(CultureInfo.InvariantCulture, $"{a}+{b}"), (a + b).ToString(CultureInfo.InvariantCulture)));
            }
        }

        return sums;
    }

    /// <summary>Reads the sums of a file, a line each.</summary>
    /// <exception cref="DataException">The file cannot be read, has fewer than two lines, or one without a <c>_</c> or without anything before or after it.</exception>
    public static IReadOnlyList<TextPair> Read(string file)
    {
        var sums = new List<TextPair>();
        string[] lines = CommandLine.ReadLines(file);
        for (int n = 0; n < lines.Length; n++)
        {
            string[] parts = lines[n].Split(Separator);
            if (parts.Length != 2 || string.IsNullOrWhiteSpace(parts[0]) || string.IsNullOrWhiteSpace(parts[1]))
            {
                throw new DataException(
                    file, n + 1, $"a line must be a question, '{Separator}' and an answer, as '16+75  {Separator}91  ', but is '{lines[n]}'.");
            }

            sums.Add(Pair(parts[0].Trim(), parts[1].Trim()));
        }

        return sums.Count > 1 ? sums : throw new DataException(
            $"{file} must have two lines at least, one of them to be held back, but has {sums.Count}.");
    }

    private static TextPair Pair(string question, string answer) =>
        new(question.PadRight(QuestionLength), answer.PadRight(AnswerLength));

    /// <summary>One to three digits, each as likely as any other: 7, or 042, which is 42.</summary>
    private static int Number(Random random)
    {
        int digits = random.Next(1, MaxDigits + 1);
        return random.Next((int)Math.Pow(10, digits));
    }
}
