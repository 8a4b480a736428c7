namespace LanguageModel;

/// <summary>What a text is cut into.</summary>
public enum TokenUnit
{
    Characters,
    Words,
}
