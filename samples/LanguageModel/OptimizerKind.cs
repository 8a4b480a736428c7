namespace LanguageModel;

/// <summary>What changes the weights.</summary>
public enum OptimizerKind
{
    Adam,
    AdamW,
    RmsProp,
    Sgd,
}
