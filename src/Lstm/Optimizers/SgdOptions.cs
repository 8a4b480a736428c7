namespace Lstm.Optimizers;

/// <summary>The settings of an <see cref="SgdOptimizer{T}"/>.</summary>
public sealed record SgdOptions : OptimizerOptions
{
    /// <summary>Makes the default settings, with a learning rate of 0.01.</summary>
    public SgdOptions()
        : base(0.01)
    {
    }

    /// <summary>μ, the share of the velocity that is left after a step; 0 (none) unless set. At least 0, below 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, 1 or more, or NaN.</exception>
    public double Momentum { get; init => field = Guard.Rate(value, nameof(Momentum)); }

    /// <summary>Whether the momentum is Nesterov's; false unless set. It needs a <see cref="Momentum"/> above 0.</summary>
    public bool Nesterov { get; init; }
}
