using System.Numerics;
using Lstm.Losses;

namespace Lstm.Metrics;

/// <summary>
/// Measures predictions by a number that people read, beside the loss that a network is trained with. It takes in batch
/// after batch and gives one value for all of them.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Metric<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>What it is called, in lower case.</summary>
    public abstract string Name { get; }

    /// <summary>Whether a higher value is a better one.</summary>
    public abstract bool HigherIsBetter { get; }

    /// <summary>Starts again, without the batches so far.</summary>
    public virtual void Reset()
    {
    }

    /// <summary>Takes in a batch of classes. A step that is not valid or of weight 0 does not count, and others by their weight.</summary>
    /// <param name="predictions">T × B × F, a logit or a probability for each class.</param>
    /// <param name="classes">T·B indices of classes, that of step t of sequence b at <c>t·B + b</c>.</param>
    /// <param name="weights">A number ≥ 0 for each; all 1 if empty.</param>
    /// <exception cref="NotSupportedException">The metric is not about classes.</exception>
    public virtual void Add(Sequence<T> predictions, ReadOnlySpan<int> classes, ReadOnlySpan<T> weights) =>
        throw new NotSupportedException($"The {Name} of classes is not defined.");

    /// <summary>Takes in a batch of numbers. A step that is not valid or of weight 0 does not count, and others by their weight.</summary>
    /// <param name="predictions">T × B × F.</param>
    /// <param name="targets">What was to be predicted, of the same shape.</param>
    /// <param name="weights">A number ≥ 0 for each step and sequence; all 1 if empty.</param>
    /// <exception cref="NotSupportedException">The metric is not about numbers.</exception>
    public virtual void Add(Sequence<T> predictions, Sequence<T> targets, ReadOnlySpan<T> weights) =>
        throw new NotSupportedException($"The {Name} of numbers is not defined.");

    /// <summary>The value for all batches since <see cref="Reset"/>.</summary>
    /// <param name="loss">Their loss, for metrics that follow from it.</param>
    /// <returns>The value; NaN if there was nothing to measure.</returns>
    public abstract double Value(LossSum loss);

    /// <summary>Says what the metric is.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
