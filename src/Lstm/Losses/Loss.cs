using System.Numerics;

namespace Lstm.Losses;

/// <summary>
/// Measures how far predictions are from targets, in one number L, and gives ∂L/∂predictions to train with.
/// </summary>
/// <remarks>
/// <para>
/// With l(t, b) the loss of sequence b at step t and w(t, b) ≥ 0 its weight, L is <c>Σ w·l / Σ w</c>
/// (<see cref="Reduction.Mean"/>) or <c>Σ w·l</c> (<see cref="Reduction.Sum"/>). A mask is weights of 0 and 1. A step of
/// weight 0 does not count: whatever its prediction and target hold, NaN included, its gradient is 0. The sum is taken
/// in double for either element type.
/// </para>
/// <para>
/// A loss is for one thread at a time. Its <see cref="Gradient"/> belongs to it, and the next call overwrites it; in
/// return, a call allocates nothing that has the features of the call before it, and no more steps × sequences than one
/// before.
/// </para>
/// <para>To write a loss of one's own: derive, and override <see cref="EvaluateStep"/>.</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Loss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Sequence<T>? _gradient;
    private bool _evaluated;

    /// <summary>Makes the common part of a loss.</summary>
    /// <param name="reduction">How the losses of single steps become one number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="reduction"/> is not one of the enumeration.</exception>
    protected Loss(Reduction reduction)
    {
        Guard.ElementType<T>();
        if (!Enum.IsDefined(reduction))
        {
            throw new ArgumentOutOfRangeException(
                nameof(reduction), reduction, $"{nameof(reduction)} must be Mean or Sum, but is {reduction}.");
        }

        Reduction = reduction;
    }

    /// <summary>How the losses of single steps become one number.</summary>
    public Reduction Reduction { get; }

    /// <summary>
    /// ∂L/∂predictions of the latest evaluation, of the shape of its predictions. It belongs to the loss, and the next
    /// evaluation overwrites it.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// Nothing has been evaluated yet, or the latest loss was NaN or infinite.
    /// </exception>
    public Sequence<T> Gradient => _evaluated ? _gradient! : throw new InvalidOperationException(
        "Evaluate must be called, and its loss be finite, before Gradient is read.");

    /// <summary>Computes the loss, and its gradient into <see cref="Gradient"/>.</summary>
    /// <param name="predictions">T × B × F. They are read and not changed.</param>
    /// <param name="targets">What was to be predicted, of the same shape.</param>
    /// <param name="weights">
    /// A number ≥ 0 for each step and sequence, T·B long, element (t, b) at <c>t·B + b</c>; if empty, every weight is 1.
    /// </param>
    /// <returns>L.</returns>
    /// <exception cref="ArgumentNullException">A sequence is null.</exception>
    /// <exception cref="ArgumentException">
    /// The shapes differ, the weights have another length, are all 0 or sum to infinity, or a target of a weight above 0
    /// is one that the loss cannot take.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative, infinite or NaN.</exception>
    /// <exception cref="NonFiniteLossException">
    /// L is NaN or infinite. There is no <see cref="Gradient"/> until an evaluation succeeds.
    /// </exception>
    public T Evaluate(Sequence<T> predictions, Sequence<T> targets, ReadOnlySpan<T> weights = default)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Steps != predictions.Steps
            || targets.Batch != predictions.Batch
            || targets.Features != predictions.Features)
        {
            throw new ArgumentException(
                $"{nameof(targets)} must be of the shape of {nameof(predictions)}, {predictions}, but is {targets}.",
                nameof(targets));
        }

        return Reduce(predictions, new SequenceTargets(this, targets), weights);
    }

    /// <summary>Says what the loss is.</summary>
    /// <returns>For example <c>MeanSquaredError&lt;Single&gt;, mean</c>.</returns>
    public override string ToString() =>
        $"{GetType().Name.Split('`')[0]}<{typeof(T).Name}>, {(Reduction == Reduction.Mean ? "mean" : "sum")}";

    /// <summary>The loss of one step of one sequence. It is called for the steps of a weight above 0 only.</summary>
    /// <param name="prediction">F numbers.</param>
    /// <param name="target">F numbers, which <see cref="CheckTarget"/> has let pass.</param>
    /// <param name="scale">The share of this step in the loss: w / Σ w for the mean, w for the sum.</param>
    /// <param name="gradient">F numbers, to be overwritten with <c>scale · ∂l/∂prediction</c>.</param>
    /// <returns>l, not scaled.</returns>
    protected abstract double EvaluateStep(
        ReadOnlySpan<T> prediction, ReadOnlySpan<T> target, double scale, Span<T> gradient);

    /// <summary>
    /// Refuses a target that the loss cannot take. It is called for the steps of a weight above 0, before anything is
    /// changed. Most losses take all.
    /// </summary>
    /// <param name="target">F numbers.</param>
    /// <param name="step">t, for the message.</param>
    /// <param name="sequence">b, for the message.</param>
    /// <exception cref="ArgumentException">The loss cannot take the target.</exception>
    protected virtual void CheckTarget(ReadOnlySpan<T> target, int step, int sequence)
    {
    }

    /// <summary>The loop over the steps, for targets of any form.</summary>
    private protected T Reduce<TStepLoss>(Sequence<T> predictions, TStepLoss stepLoss, ReadOnlySpan<T> weights)
        where TStepLoss : struct, IStepLoss<T>, allows ref struct
    {
        (int steps, int batch, int features) = (predictions.Steps, predictions.Batch, predictions.Features);
        double total = CheckedTotal(weights, steps, batch);
        for (int t = 0; t < steps; t++)
        {
            for (int b = 0; b < batch; b++)
            {
                if (WeightAt(weights, (t * batch) + b) > 0)
                {
                    stepLoss.Check(t, b);
                }
            }
        }

        // From here on the numbers of an earlier gradient are lost.
        _evaluated = false;
        if (_gradient is null || _gradient.Features != features)
        {
            _gradient = new Sequence<T>(steps, batch, features);
        }

        _gradient.Resize(steps, batch);
        double loss = 0;
        for (int t = 0; t < steps; t++)
        {
            for (int b = 0; b < batch; b++)
            {
                double weight = WeightAt(weights, (t * batch) + b);
                Span<T> gradient = _gradient.At(t, b);
                if (weight == 0)
                {
                    gradient.Clear();
                    continue;
                }

                double scale = Reduction == Reduction.Mean ? weight / total : weight;
                loss += scale * stepLoss.Evaluate(t, b, predictions.At(t, b), scale, gradient);
                if (!T.IsFinite(T.CreateTruncating(loss)))
                {
                    throw new NonFiniteLossException(t, b, loss);
                }
            }
        }

        _evaluated = true;
        return T.CreateTruncating(loss);
    }

    private protected static ArgumentOutOfRangeException Refused<TValue>(
        string name, TValue actual, string expected, int step, int sequence) =>
        new(name, actual, $"{name} must be {expected}, but is {actual} at step {step} of sequence {sequence}.");

    private static double WeightAt(ReadOnlySpan<T> weights, int index) =>
        weights.IsEmpty ? 1 : double.CreateTruncating(weights[index]);

    /// <summary>Σ w, of weights that are as they should be.</summary>
    private static double CheckedTotal(ReadOnlySpan<T> weights, int steps, int batch)
    {
        if (weights.IsEmpty)
        {
            return (double)steps * batch;
        }

        Guard.Length(weights.Length, (long)steps * batch, "steps × sequences", nameof(weights));
        double total = 0;
        for (int n = 0; n < weights.Length; n++)
        {
            double weight = WeightAt(weights, n);
            if (!(weight >= 0 && double.IsFinite(weight)))
            {
                throw Refused(nameof(weights), weight, "finite and at least 0", n / batch, n % batch);
            }

            total += weight;
        }

        Guard.Shape(total > 0, "above 0 at one step or more", "0 at every step", nameof(weights));
        Guard.Shape(double.IsFinite(total), "of a finite sum", "of an infinite sum", nameof(weights));
        return total;
    }

    /// <summary>Targets that are numbers, one for each prediction.</summary>
    private readonly struct SequenceTargets(Loss<T> loss, Sequence<T> targets) : IStepLoss<T>
    {
        public void Check(int step, int sequence) => loss.CheckTarget(targets.At(step, sequence), step, sequence);

        public double Evaluate(int step, int sequence, ReadOnlySpan<T> prediction, double scale, Span<T> gradient) =>
            loss.EvaluateStep(prediction, targets.At(step, sequence), scale, gradient);
    }
}
