using System.Numerics;

namespace Lstm.Losses;

/// <summary>
/// The loss of one step of one sequence, whatever the form of its targets. An implementation is a struct, so that
/// <see cref="LossRows{T,TStepLoss}"/> has a single loop over the steps.
/// </summary>
internal interface IStepLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Refuses a target that the loss cannot take; returns what the target weighs in the mean, 1 for most losses.</summary>
    double Check(int step, int sequence);

    /// <summary>Returns the loss l and overwrites the gradient, unless it is empty, with scale · ∂l/∂prediction.</summary>
    double Evaluate(int step, int sequence, ReadOnlySpan<T> prediction, double scale, Span<T> gradient);
}
