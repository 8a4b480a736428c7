namespace Lstm.Optimizers;

/// <summary>The settings of an <see cref="AdamOptimizer{T}"/>; the defaults are those of the paper and of PyTorch.</summary>
public record AdamOptions : OptimizerOptions
{
    /// <summary>Makes the default settings, with a learning rate of 0.001.</summary>
    public AdamOptions()
        : base(0.001)
    {
    }

    /// <summary>β₁, the share of the mean gradient that is left after a step; 0.9 unless set. At least 0, below 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Beta1 { get; init => field = Guard.Rate(value, nameof(Beta1)); } = 0.9;

    /// <summary>β₂, the share of the mean square that is left after a step; 0.999 unless set. At least 0, below 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Beta2 { get; init => field = Guard.Rate(value, nameof(Beta2)); } = 0.999;

    /// <summary>ε, which is added to the root of the mean square; 10⁻⁸ unless set. Finite, above 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Epsilon { get; init => field = Guard.AboveZero(value, nameof(Epsilon)); } = 1e-8;
}
