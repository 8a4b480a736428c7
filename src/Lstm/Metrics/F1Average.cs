namespace Lstm.Metrics;

/// <summary>How the F1 of several classes becomes one number.</summary>
public enum F1Average
{
    /// <summary>The mean over the classes, each counting alike however rare it is.</summary>
    Macro,

    /// <summary>F1 of all decisions together; where each step has one class, that is the accuracy.</summary>
    Micro,
}
