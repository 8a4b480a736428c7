using System.Numerics;
using Lstm.Losses;

namespace Lstm.Training;

/// <summary>
/// What a <see cref="Trainer{T}"/> makes smaller: it knows its parameters, and how to get the loss of a batch, with and
/// without gradients. A network with a loss is a <see cref="NetworkObjective{T}"/>; a model that is more than one network
/// derives from this class.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TBatch">What it is trained on in one step.</typeparam>
public abstract class Objective<T, TBatch>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes the common part of an objective.</summary>
    protected Objective() => Guard.ElementType<T>();

    /// <summary>All that is trained, in a fixed order.</summary>
    public abstract IReadOnlyList<Parameter<T>> Parameters { get; }

    /// <summary>What <see cref="LossSum.Items"/> counts, in the plural; "steps" unless overridden.</summary>
    public virtual string ItemName => "steps";

    /// <summary>What <see cref="Metric"/> is called; null, for none, unless overridden.</summary>
    public virtual string? MetricName => null;

    /// <summary>Whether a higher <see cref="Metric"/> is a better one; true unless overridden.</summary>
    public virtual bool HigherMetricIsBetter => true;

    /// <summary>
    /// A pass over a source begins: forgets the state that was carried from batch to batch, if any is, of training or of
    /// evaluation. The two are apart, since an evaluation may come in the middle of an epoch of training.
    /// </summary>
    /// <param name="training">Whether the pass is one of training.</param>
    public virtual void Start(bool training)
    {
    }

    /// <summary>Computes the loss of a batch, and adds its gradients to those of the parameters.</summary>
    /// <param name="batch">The batch.</param>
    /// <returns>The loss and what it is of.</returns>
    /// <exception cref="NonFiniteLossException">The loss is NaN or infinite.</exception>
    public abstract LossSum Train(TBatch batch);

    /// <summary>Computes the loss of a batch, and changes no parameter and no gradient.</summary>
    /// <param name="batch">The batch.</param>
    /// <returns>The loss and what it is of.</returns>
    /// <exception cref="NonFiniteLossException">The loss is NaN or infinite.</exception>
    public abstract LossSum Evaluate(TBatch batch);

    /// <summary>The metric of all batches that were evaluated since <see cref="Start"/>; NaN unless overridden.</summary>
    /// <param name="loss">Their loss.</param>
    /// <returns>The value.</returns>
    public virtual double Metric(LossSum loss) => double.NaN;

    /// <summary>
    /// Saves what <see cref="Train"/> depends on besides the parameters and the batch: a carried state, the number of
    /// random calls. Nothing unless overridden.
    /// </summary>
    /// <param name="snapshot">Where it is saved.</param>
    public virtual void Save(Snapshot<T> snapshot)
    {
    }

    /// <summary>Restores what <see cref="Save"/> saved, so that training goes on as it would have.</summary>
    /// <param name="snapshot">What was saved.</param>
    /// <exception cref="InvalidDataException">The snapshot is not of such an objective.</exception>
    public virtual void Restore(Snapshot<T> snapshot)
    {
    }
}
