namespace LanguageModel;

/// <summary>What of a gradient is limited.</summary>
public enum ClipKind
{
    Norm,
    Value,
}
