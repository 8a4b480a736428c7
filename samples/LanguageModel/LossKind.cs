namespace LanguageModel;

/// <summary>How the losses of a chunk's steps become one number.</summary>
public enum LossKind
{
    Mean,
    Sum,
}
