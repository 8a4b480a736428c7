using System.Text.RegularExpressions;
using Lstm.Tasks;

namespace Lstm.Tests.Tasks;

public sealed partial class ReberGrammarTests
{
    private const int Draws = 5000;

    [Fact]
    public void Draw_AnySeed_IsOfTheGrammar()
    {
        foreach (ReberString item in DrawMany(seed: 1))
        {
            item.Symbols.Should().MatchRegex(Embedded());
            item.Symbols[^2].Should().Be(item.Symbols[1]);
            item.Followers.Should().HaveCount(item.Symbols.Length - 1);
        }
    }

    [Fact]
    public void Draw_OnePrefix_IsFollowedByAllThatMayFollowAndNothingElse()
    {
        // Where a prefix was drawn so often, each of two symbols that are as likely came at least once: else by chance of 2⁻³⁹.
        const int often = 40;

        var positions = DrawMany(seed: 2)
            .SelectMany(item => item.Followers.Select((followers, t) => (Prefix: item.Symbols[..(t + 1)], followers, Next: item.Symbols[t + 1])))
            .GroupBy(position => position.Prefix)
            .ToList();

        positions.Should().OnlyContain(prefix => prefix.All(position => position.followers.Contains(position.Next, StringComparison.Ordinal)));
        foreach (var prefix in positions.Where(prefix => prefix.Count() >= often))
        {
            prefix.Select(position => position.followers).Distinct().Should().ContainSingle()
                .Which.Order().Should().Equal(prefix.Select(position => position.Next).Distinct().Order());
        }
    }

    [Fact]
    public void Draw_ManyStrings_HaveTheMeanLengthOfTheDiagram()
    {
        // With Lₙ the mean number of arrows from node n on: L₀ = 1 + (L₁ + L₂)/2, L₁ = 2 + L₃, L₂ = 2 + L₄, L₃ = 1 + (L₂ + L₅)/2,
        // L₄ = 1 + (L₃ + L₅)/2, L₅ = 1, so that L₀ = 7; and five symbols around them.
        const double length = 12;

        // Four standard deviations of the mean: that of one length is about 3.
        const double tolerance = 0.17;

        DrawMany(seed: 3).Average(item => item.Symbols.Length).Should().BeApproximately(length, tolerance);
    }

    [Fact]
    public void Draw_SameSeed_IsTheSame()
    {
        string Drawn(int seed) => string.Join(' ', DrawMany(seed).Select(item => item.Symbols));

        Drawn(4).Should().Be(Drawn(4)).And.NotBe(Drawn(5));
    }

    [Fact]
    public void Encode_Symbols_AreOnesAtTheirPlaces()
    {
        float[] values = [5, 5, 5, 5, 5, 5, 5];

        ReberGrammar.Encode("XT", values);

        values.Should().Equal(0, 1, 0, 0, 1, 0, 0);
    }

    [Fact]
    public void Read_Stream_IsOneStringAfterTheOther()
    {
        var stream = new ReberStream(new Random(6));
        var read = Enumerable.Range(0, 3000).Select(_ => stream.Read()).ToList();

        string symbols = string.Concat(read.Select(item => item.Symbol));

        int end = Strings().Match(symbols).Length;
        end.Should().BeGreaterThan(symbols.Length - 100, "only the last string may be cut off");
        for (int t = 1; t < read.Count; t++)
        {
            read[t - 1].Followers.Should().Contain(read[t].Symbol.ToString());
        }

        read.Where((_, t) => t + 1 < end && symbols[t..(t + 2)] == "EB").Should().Contain(item => item.Followers == "B");
    }

    private static List<ReberString> DrawMany(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Draws).Select(_ => ReberGrammar.Draw(random))];
    }

    // Reber's diagram read as an expression: both branches meet at the node that S, or X T* V, leaves.
    [GeneratedRegex("^B(?<branch>[TP])B(TS*X(XT*VP)*(S|XT*VV)|PT*V(V|P(XT*VP)*(S|XT*VV)))E\\k<branch>E$")]
    private static partial Regex Embedded();

    [GeneratedRegex("^(B(T|P)B(TS*X(XT*VP)*(S|XT*VV)|PT*V(V|P(XT*VP)*(S|XT*VV)))E\\2E)+")]
    private static partial Regex Strings();
}
