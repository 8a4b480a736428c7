namespace LanguageModel;

/// <summary>How the learning rate falls.</summary>
public enum RateDecay
{
    Cosine,
    Divide,
    None,
}
