namespace Lstm.Optimizers;

/// <summary>The settings of an <see cref="RmsPropOptimizer{T}"/>; the defaults are PyTorch's.</summary>
public sealed record RmsPropOptions : OptimizerOptions
{
    /// <summary>Makes the default settings, with a learning rate of 0.01.</summary>
    public RmsPropOptions()
        : base(0.01)
    {
    }

    /// <summary>α, the share of the mean square that is left after a step; 0.99 unless set. At least 0, below 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Smoothing { get; init => field = Guard.Rate(value, nameof(Smoothing)); } = 0.99;

    /// <summary>ε, which is added to the root of the mean square; 10⁻⁸ unless set. Finite, above 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Epsilon { get; init => field = Guard.AboveZero(value, nameof(Epsilon)); } = 1e-8;

    /// <summary>μ, the share of the velocity that is left after a step; 0 (none) unless set. At least 0, below 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Momentum { get; init => field = Guard.Rate(value, nameof(Momentum)); }

    /// <summary>
    /// Whether the square of the mean gradient is taken off the mean square, which makes it a variance (Graves 2013); false
    /// unless set.
    /// </summary>
    public bool Centered { get; init; }
}
