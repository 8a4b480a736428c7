namespace Lstm.Data;

/// <summary>What a text is cut into.</summary>
public enum TokenKind
{
    /// <summary>A token is a Unicode scalar value, so that an emoji outside the basic plane is one token, not two.</summary>
    Character,

    /// <summary>A token is a run of characters without white space.</summary>
    Word,
}
