namespace Lstm.Losses;

/// <summary>How the losses of single steps become one number.</summary>
public enum Reduction
{
    /// <summary>The weighted mean over the valid steps, <c>Σ w·l / Σ w</c>.</summary>
    Mean,

    /// <summary>The weighted sum, <c>Σ w·l</c>.</summary>
    Sum,

    /// <summary>
    /// The weighted sum over the steps, its mean over the B sequences, <c>Σ w·l / B</c>: what the learning rates and limits of
    /// the gradient's norm of much of the literature on language models are meant for.
    /// </summary>
    SumOverSteps,
}
