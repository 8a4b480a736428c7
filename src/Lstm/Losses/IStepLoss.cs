using System.Numerics;

namespace Lstm.Losses;

/// <summary>
/// The loss of one step of one sequence, whatever the form of its targets. An implementation is a struct, so that
/// <see cref="Loss{T}"/> has a single loop over the steps, and it may hold spans.
/// </summary>
internal interface IStepLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Refuses a target that the loss cannot take.</summary>
    void Check(int step, int sequence);

    /// <summary>Returns the loss l and overwrites the gradient with scale · ∂l/∂prediction.</summary>
    double Evaluate(int step, int sequence, ReadOnlySpan<T> prediction, double scale, Span<T> gradient);
}
