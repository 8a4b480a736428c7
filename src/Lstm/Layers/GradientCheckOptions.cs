namespace Lstm.Layers;

/// <summary>How <see cref="GradientCheck"/> works. The defaults suit a layer whose numbers are of the order of 1.</summary>
public sealed record GradientCheckOptions
{
    /// <summary>
    /// What the random gradients at the outputs and the final state, and the choice of elements where
    /// <see cref="MaximumElements"/> limits it, follow from; 0 unless set.
    /// </summary>
    public int Seed { get; init; }

    /// <summary>
    /// The relative error up to which a gradient passes; above 0, 1e-6 unless set. A right gradient reaches 1e-8 or less,
    /// a wrong one rarely less than 1e-3.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite and above 0.</exception>
    public double Tolerance { get; init => field = Guard.AboveZero(value, nameof(Tolerance)); } = 1e-6;

    /// <summary>
    /// h of the finite difference; above 0, 5e-4 unless set. An element x is moved by h·max(1, |x|) and twice that, each
    /// way. The formula's error grows with h⁴, that of rounding with 1e-16 / h; at 5e-4 both are about 1e-13.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite and above 0.</exception>
    public double Step { get; init => field = Guard.AboveZero(value, nameof(Step)); } = 5e-4;

    /// <summary>
    /// The least magnitude that a difference is related to; above 0, 1e-4 unless set. A gradient that is zero, or nearly
    /// so, can be no more exact than the rounding of the finite difference, so that a difference between two gradients
    /// below the floor counts as if they were as large as the floor.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite and above 0.</exception>
    public double Floor { get; init => field = Guard.AboveZero(value, nameof(Floor)); } = 1e-4;

    /// <summary>
    /// Whether the input's gradient is checked; true unless set. Turn it off where the input is not a continuous quantity,
    /// as the tokens of an <see cref="OneHotLayer{T}"/>.
    /// </summary>
    public bool CheckInput { get; init; } = true;

    /// <summary>
    /// The most elements that are checked of each parameter, of the input and of each part of the state, drawn at random;
    /// at least 1, all unless set. Every element takes four forward passes.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int MaximumElements { get; init => field = Guard.Positive(value, nameof(MaximumElements)); } = int.MaxValue;
}
