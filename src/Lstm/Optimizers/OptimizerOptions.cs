namespace Lstm.Optimizers;

/// <summary>The settings that all optimizers have.</summary>
public abstract record OptimizerOptions
{
    private protected OptimizerOptions(double learningRate) => LearningRate = learningRate;

    /// <summary>η at the start. Finite, at least 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public double LearningRate { get; init => field = Guard.InRange(value, 0, double.PositiveInfinity, nameof(LearningRate)); }

    /// <summary>
    /// λ, the strength of the weight decay, which applies to each parameter that decays; 0 (none) unless set or said
    /// otherwise. Finite, at least 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public double WeightDecay { get; init => field = Guard.InRange(value, 0, double.PositiveInfinity, nameof(WeightDecay)); }
}
