namespace Lstm.Losses;

/// <summary>How the losses of single steps become one number.</summary>
public enum Reduction
{
    /// <summary>The weighted mean over the valid steps, <c>Σ w·l / Σ w</c>.</summary>
    Mean,

    /// <summary>The weighted sum, <c>Σ w·l</c>.</summary>
    Sum,
}
