using System.Numerics;

namespace Lstm.Optimizers;

/// <summary>
/// AdamW (Loshchilov and Hutter 2017): <see cref="AdamOptimizer{T}"/> with the weight decay taken off the weights themselves,
/// <c>w ← (1 − ηλ)w</c> before the step, and not added to the gradient, where Adam's division would undo most of it. The
/// formulas of PyTorch's <c>AdamW</c>.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class AdamWOptimizer<T> : AdamOptimizer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes an optimizer.</summary>
    /// <param name="options">The settings; the defaults if null.</param>
    public AdamWOptimizer(AdamWOptions? options = null)
        : base(options ?? new AdamWOptions(), decoupled: true)
    {
    }
}
