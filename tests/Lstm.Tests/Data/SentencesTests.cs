using Lstm.Data;
using Lstm.Tests.Support;

namespace Lstm.Tests.Data;

public class SentencesTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a b\nc\n", "a b <eos> c <eos>")]
    [InlineData("a b\r\nc", "a b <eos> c <eos>")]
    [InlineData("a\n\nb\n", "a <eos> <eos> b <eos>")]
    [InlineData("\n", "<eos>")]
    public void MarkEnds_Lines_HaveAWordAtTheirEnd(string text, string expected) =>
        Sentences.MarkEnds(text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Should().Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void MarkEnds_WordOfOnesOwn_IsUsed() => Sentences.MarkEnds("a\n", "</s>").Should().Be("a </s>\n");

    [Fact]
    public void MarkEnds_BadArguments_AreRefused()
    {
        Refusal.Of<ArgumentNullException>(() => Sentences.MarkEnds(null!), "text");
        Refusal.Of<ArgumentException>(() => Sentences.MarkEnds("a", " "), "end");
        Refusal.Of<ArgumentException>(() => Sentences.MarkEnds("a", "the end"), "end", "white space", "the end");
    }
}
