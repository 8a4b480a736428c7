using FsCheck;
using FsCheck.Fluent;
using Lstm.Data;
using Lstm.Tests.Support;

namespace Lstm.Tests.Data;

public class VocabularyTests
{
    private const string Unknown = "<unk>";

    [Fact]
    public void OfCharacters_AnyText_SortsByCodePoint()
    {
        // U+FF21 comes after the surrogates of U+1F600 by code units, but before it by code point.
        var vocabulary = Vocabulary.OfCharacters("b😀a Ａba");

        vocabulary.Tokens.Should().Equal(" ", "a", "b", "Ａ", "😀");
        vocabulary.Count.Should().Be(5);
        vocabulary.Unknown.Should().BeNull();
        vocabulary.Kind.Should().Be(TokenKind.Character);
    }

    [Fact]
    public void OfCharacters_WithUnknown_PutsItFirst() =>
        Vocabulary.OfCharacters("ba", Unknown).Tokens.Should().Equal(Unknown, "a", "b");

    [Fact]
    public void OfCharacters_UnknownInTheText_HasItOnce() =>
        Vocabulary.OfCharacters("b?a", "?").Tokens.Should().Equal("?", "a", "b");

    [Fact]
    public void OfWords_AnyText_SortsByCountThenOrdinally() =>
        Vocabulary.OfWords("b é a Z\tb  a\nb c").Tokens.Should().Equal("b", "a", "Z", "c", "é");

    [Fact]
    public void OfWords_Limits_LeaveOutTheLeastFrequent()
    {
        const string text = "a a a b b c c d";

        Vocabulary.OfWords(text, minimumCount: 2).Tokens.Should().Equal("a", "b", "c");
        Vocabulary.OfWords(text, maximumSize: 2).Tokens.Should().Equal("a", "b");
        Vocabulary.OfWords(text, minimumCount: 2, maximumSize: 3, Unknown).Tokens.Should().Equal(Unknown, "a", "b");
        Vocabulary.OfWords(text, minimumCount: 4, unknown: Unknown).Tokens.Should().Equal(Unknown);
    }

    [Fact]
    public void OfWords_UnknownInTheText_HasItOnceAndFirst() =>
        Vocabulary.OfWords("a a <unk> b", unknown: Unknown).Tokens.Should().Equal(Unknown, "a", "b");

    [Fact]
    public void OfWords_CaseAndPunctuation_BelongToTheWord() =>
        Vocabulary.OfWords("The the, the.").Tokens.Should().Equal("The", "the,", "the.");

    [Fact]
    public void Encode_Emoji_IsOneToken()
    {
        var vocabulary = Vocabulary.OfCharacters("a😀👍");

        vocabulary.Encode("👍a😀").Should().Equal(1, 0, 2);
    }

    [Fact]
    public void Encode_HalfASurrogatePair_IsTheReplacementCharacter()
    {
        var vocabulary = Vocabulary.OfCharacters("a\uD83Db");

        vocabulary.Tokens.Should().Equal("a", "b", "\uFFFD");
        vocabulary.Encode("\uDE00b").Should().Equal(2, 1);
    }

    [Fact]
    public void Encode_Words_CutsAtAnyWhiteSpace()
    {
        var vocabulary = Vocabulary.OfWords("to be or not");

        vocabulary.Encode(" not\u00A0be\r\nto\u3000 or ").Select(index => vocabulary[index])
            .Should().Equal("not", "be", "to", "or");
    }

    [Fact]
    public void Encode_UnknownToken_IsTheTokenForTheUnknown()
    {
        Vocabulary.OfCharacters("abc", Unknown).Encode("a😀c").Should().Equal(1, 0, 3);
        Vocabulary.OfWords("to be", unknown: Unknown).Encode("not to").Should().Equal(0, 2);
    }

    [Fact]
    public void Encode_UnknownTokenWithoutOneForIt_NamesTokenAndPosition()
    {
        Refusal.Of<ArgumentException>(() => Vocabulary.OfCharacters("abc").Encode("ab😀c"), "text", "'😀'", "position 2");
        Refusal.Of<ArgumentException>(() => Vocabulary.OfWords("to be").Encode("to  or be"), "text", "'or'", "position 4");
    }

    [Fact]
    public void Encode_Empty_IsEmpty()
    {
        Vocabulary.OfCharacters("a").Encode(string.Empty).Should().BeEmpty();
        Vocabulary.OfWords("a").Encode(" \n").Should().BeEmpty();
        Vocabulary.OfWords("a").Decode([]).Should().BeEmpty();
    }

    [Fact]
    public void Decode_Words_AreOneSpaceApart()
    {
        var vocabulary = Vocabulary.OfWords("to be or", unknown: Unknown);

        vocabulary.Decode(vocabulary.Encode(" or\nnot   be ")).Should().Be("or <unk> be");
    }

    [Fact]
    public void Decode_EncodedCharacters_IsTheText() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<NonEmptyString>(),
            text =>
            {
                var vocabulary = Vocabulary.OfCharacters(text.Get);

                // What is not well-formed is replaced, as by any encoder of .NET.
                string wellFormed = System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(text.Get));
                vocabulary.Decode(vocabulary.Encode(text.Get)).Should().Be(wellFormed);
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void IndexOf_EveryToken_IsItsPlace()
    {
        var vocabulary = Vocabulary.OfWords("c b a c b c", unknown: Unknown);

        vocabulary.Tokens.Select(vocabulary.IndexOf).Should().Equal(0, 1, 2, 3);
        vocabulary.Tokens.Should().Equal(Enumerable.Range(0, 4).Select(index => vocabulary[index]));
        vocabulary.IndexOf("d").Should().Be(0);
    }

    [Fact]
    public void TryGetIndex_TokenNotThere_IsFalseEvenWithATokenForTheUnknown()
    {
        var vocabulary = Vocabulary.OfCharacters("ab", Unknown);

        vocabulary.TryGetIndex("b", out int index).Should().BeTrue();
        index.Should().Be(2);
        vocabulary.TryGetIndex("c", out _).Should().BeFalse();
        vocabulary.TryGetIndex(Unknown, out index).Should().BeTrue();
        index.Should().Be(0);
    }

    [Fact]
    public void Constructor_SavedTokens_MakesTheSameVocabulary()
    {
        const string text = "to be or not to be";
        var saved = Vocabulary.OfWords(text, maximumSize: 4, unknown: Unknown);
        string[] list = [.. saved.Tokens];

        var restored = new Vocabulary(saved.Kind, list, saved.Unknown);
        list[1] = "changed";

        restored.Tokens.Should().Equal(saved.Tokens);
        restored.Encode(text).Should().Equal(saved.Encode(text));
    }

    [Fact]
    public void ToString_Any_SaysWhatItIs()
    {
        Vocabulary.OfCharacters("abca").ToString().Should().Be("Vocabulary of 3 characters");
        Vocabulary.OfWords("to be", unknown: Unknown).ToString().Should().Be("Vocabulary of 3 words, <unk> for the unknown");
    }

    [Fact]
    public void BadArguments_AreRefused()
    {
        Refusal.Of<ArgumentNullException>(() => Vocabulary.OfCharacters(null!), "text");
        Refusal.Of<ArgumentException>(() => Vocabulary.OfCharacters(string.Empty), "text");
        Refusal.Of<ArgumentException>(() => Vocabulary.OfCharacters("a", string.Empty), "unknown");
        Refusal.Of<ArgumentNullException>(() => Vocabulary.OfWords(null!), "text");
        Refusal.Of<ArgumentException>(() => Vocabulary.OfWords(" \t"), "text", "at least one word");
        Refusal.Of<ArgumentOutOfRangeException>(() => Vocabulary.OfWords("a", minimumCount: 0), "minimumCount", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => Vocabulary.OfWords("a", maximumSize: -1), "maximumSize", "-1");
        Refusal.Of<ArgumentException>(() => Vocabulary.OfWords("a a b", minimumCount: 3), "minimumCount", "at most 2", "3");
        Refusal.Of<ArgumentException>(() => Vocabulary.OfWords("a", unknown: "not known"), "unknown", "'not known'");

        Refusal.Of<ArgumentOutOfRangeException>(() => new Vocabulary((TokenKind)2, ["a"]), "kind", "2");
        Refusal.Of<ArgumentNullException>(() => new Vocabulary(TokenKind.Word, null!), "tokens");
        Refusal.Of<ArgumentNullException>(() => new Vocabulary(TokenKind.Word, ["a", null!]), "tokens");
        Refusal.Of<ArgumentException>(() => new Vocabulary(TokenKind.Word, []), "tokens", "empty");
        Refusal.Of<ArgumentException>(() => new Vocabulary(TokenKind.Word, ["a", "b", "a"]), "tokens", "'a' again at 2");
        Refusal.Of<ArgumentException>(() => new Vocabulary(TokenKind.Word, ["a b"]), "tokens", "'a b' at 0");
        Refusal.Of<ArgumentException>(() => new Vocabulary(TokenKind.Character, ["a", "bc"]), "tokens", "'bc' at 1");
        Refusal.Of<ArgumentException>(() => new Vocabulary(TokenKind.Character, ["\uD83D"]), "tokens");
        Refusal.Of<ArgumentException>(() => new Vocabulary(TokenKind.Word, ["a"], Unknown), "unknown", Unknown);

        var vocabulary = Vocabulary.OfCharacters("abc");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = vocabulary[3], "index", "from 0 to 2", "3");
        Refusal.Of<ArgumentException>(() => vocabulary.IndexOf("d"), "token", "'d'");
        Refusal.Of<ArgumentNullException>(() => vocabulary.IndexOf(null!), "token");
        Refusal.Of<ArgumentNullException>(() => vocabulary.Encode(null!), "text");
        Refusal.Of<ArgumentNullException>(() => vocabulary.Decode(null!), "indices");
        Refusal.Of<ArgumentOutOfRangeException>(() => vocabulary.Decode([0, -1]), "indices", "from 0 to 2", "-1");
    }
}
