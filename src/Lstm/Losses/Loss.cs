using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Lstm.Losses;

/// <summary>
/// Measures how far predictions are from targets, in one number L, and gives ∂L/∂predictions to train with.
/// </summary>
/// <remarks>
/// <para>
/// With l(t, b) the loss of sequence b at step t and w(t, b) ≥ 0 its weight, L is <c>Σ w·l / Σ w</c>
/// (<see cref="Reduction.Mean"/>), <c>Σ w·l</c> (<see cref="Reduction.Sum"/>) or <c>Σ w·l / B</c>
/// (<see cref="Reduction.SumOverSteps"/>). A step that is not valid by the predictions' <see cref="Sequence{T}.Mask"/> has
/// weight 0. A step of weight 0 does not count: whatever its prediction and target hold, NaN included, its gradient is 0. The
/// sum is taken in double for either element type.
/// </para>
/// <para>
/// A loss is for one thread at a time. Its <see cref="Gradient"/> belongs to it, and the next call overwrites it; in
/// return, a call allocates nothing that has the features of the call before it, and no more steps × sequences than one
/// before.
/// </para>
/// <para>To write a loss of your own: derive, and override <see cref="EvaluateStep"/>.</para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class Loss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly LossRows<T, SequenceTargets> _rows = new();

    private Sequence<T>? _own;
    private Sequence<T>? _unused;

    /// <summary>Makes the common part of a loss.</summary>
    /// <param name="reduction">How the losses of single steps become one number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="reduction"/> is not one of the enumeration.</exception>
    protected Loss(Reduction reduction)
    {
        Guard.ElementType<T>();
        Reduction = Guard.Defined(reduction);
    }

    /// <summary>How the losses of single steps become one number.</summary>
    public Reduction Reduction { get; }

    /// <summary>
    /// The most threads that an evaluation may use, from 1; the number of processors unless set. The results do not depend
    /// on it, down to the last bit. Losses that have little to compute use one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Threads { get; set => field = Guard.Positive(value, nameof(Threads)); } = Environment.ProcessorCount;

    /// <summary>
    /// ∂L/∂predictions of the latest evaluation, of the shape of its predictions. It belongs to the loss, and the next
    /// evaluation overwrites it; or it is the predictions themselves, if they were to be overwritten.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// Nothing has been evaluated yet, or the latest loss was NaN or infinite.
    /// </exception>
    [AllowNull]
    public Sequence<T> Gradient
    {
        get => field ?? throw new InvalidOperationException(
            "Evaluate must be called, and its loss be finite, before Gradient is read.");
        private set;
    }

    /// <summary>
    /// The latest evaluation as a sum and what it is divided by in the mean, whatever the <see cref="Reduction"/>, to be
    /// added up with those of other batches. Its items are the steps of a weight above 0. All 0 before the first.
    /// </summary>
    public LossSum Sum { get; private set; }

    /// <summary>
    /// Whether <see cref="EvaluateStep"/> may be given one span as prediction and as gradient: it then reads each number
    /// before it writes over it. False unless overridden.
    /// </summary>
    protected virtual bool CanOverwrite => false;

    /// <summary>
    /// Whether <see cref="EvaluateStep"/> may be given an empty span as gradient, where none is wanted. False unless
    /// overridden: it is then given one that nobody reads.
    /// </summary>
    protected virtual bool CanOmitGradient => false;

    private string ReductionName => Reduction switch
    {
        Reduction.Mean => "mean",
        Reduction.Sum => "sum",
        _ => "sum over steps",
    };

    /// <summary>The arithmetic of a number of a step, in multiplications, where several threads may be in it at once; or 0.</summary>
    private protected virtual int Effort => 0;

    /// <summary>Computes the loss, and its gradient into <see cref="Gradient"/>.</summary>
    /// <param name="predictions">T × B × F. They are read and not changed, unless they are to be overwritten.</param>
    /// <param name="targets">What was to be predicted, of the same shape.</param>
    /// <param name="weights">
    /// A number ≥ 0 for each step and sequence, T·B long, element (t, b) at <c>t·B + b</c>; if empty, every weight is 1.
    /// At steps that are not valid they are not read.
    /// </param>
    /// <param name="overwrite">
    /// Whether the predictions are no longer needed, so that the gradient may overwrite them instead of taking memory of
    /// its own. The layer that they come from must not need them for its backward pass: see
    /// <see cref="Layers.Layer{T}.NeedsOutput"/>.
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
    public T Evaluate(
        Sequence<T> predictions, Sequence<T> targets, ReadOnlySpan<T> weights = default, bool overwrite = false)
    {
        CheckShapes(predictions, targets);
        return Reduce(_rows, predictions, new SequenceTargets(this, targets), weights, overwrite);
    }

    /// <summary>
    /// Computes the loss without its gradient, for validation. <see cref="Gradient"/> and <see cref="Sum"/> stay those of the
    /// latest <see cref="Evaluate"/>.
    /// </summary>
    /// <param name="predictions">T × B × F. They are read and not changed.</param>
    /// <param name="targets">What was to be predicted, of the same shape.</param>
    /// <param name="weights">As for <see cref="Evaluate"/>.</param>
    /// <returns>What <see cref="Sum"/> would be after <see cref="Evaluate"/>, to the last bit.</returns>
    /// <exception cref="ArgumentNullException">A sequence is null.</exception>
    /// <exception cref="ArgumentException">As for <see cref="Evaluate"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight is negative, infinite or NaN.</exception>
    /// <exception cref="NonFiniteLossException">The loss is NaN or infinite.</exception>
    public LossSum Measure(Sequence<T> predictions, Sequence<T> targets, ReadOnlySpan<T> weights = default)
    {
        CheckShapes(predictions, targets);
        return Measure(_rows, predictions, new SequenceTargets(this, targets), weights);
    }

    /// <summary>Says what the loss is.</summary>
    /// <returns>For example <c>MeanSquaredError&lt;Single&gt;, mean</c>.</returns>
    public override string ToString() =>
        $"{GetType().Name.Split('`')[0]}<{typeof(T).Name}>, {ReductionName}";

    /// <summary>The features of the targets for predictions of so many: as many unless overridden.</summary>
    private protected virtual int TargetFeatures(int features) => features;

    /// <summary>The loss of one step of one sequence. It is called for the steps of a weight above 0 only.</summary>
    /// <param name="prediction">F numbers.</param>
    /// <param name="target">F numbers, which <see cref="CheckTarget"/> has let pass.</param>
    /// <param name="scale">The share of this step in the loss: w / Σ w for the mean, w for the sum.</param>
    /// <param name="gradient">
    /// F numbers, to be overwritten with <c>scale · ∂l/∂prediction</c>; apart from the prediction in memory unless
    /// <see cref="CanOverwrite"/>, and possibly empty if <see cref="CanOmitGradient"/>.
    /// </param>
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
    private protected T Reduce<TStepLoss>(
        LossRows<T, TStepLoss> rows,
        Sequence<T> predictions,
        TStepLoss stepLoss,
        ReadOnlySpan<T> weights,
        bool overwrite)
        where TStepLoss : struct, IStepLoss<T>
    {
        (double divisor, LossSum counted) = FillScales(rows, predictions, stepLoss, weights);

        // From here on the numbers of an earlier gradient are lost.
        Gradient = null;
        Sequence<T> gradient = overwrite && CanOverwrite ? predictions : Own(ref _own, predictions);
        gradient.Mask = predictions.Mask;
        double loss = Run(rows, predictions, stepLoss, gradient);
        Gradient = gradient;
        Sum = counted with { Sum = loss * divisor };
        return T.CreateTruncating(loss);
    }

    /// <summary>The same loop without a gradient.</summary>
    private protected LossSum Measure<TStepLoss>(
        LossRows<T, TStepLoss> rows, Sequence<T> predictions, TStepLoss stepLoss, ReadOnlySpan<T> weights)
        where TStepLoss : struct, IStepLoss<T>
    {
        (double divisor, LossSum counted) = FillScales(rows, predictions, stepLoss, weights);
        double loss = Run(rows, predictions, stepLoss, CanOmitGradient ? null : Own(ref _unused, predictions));
        return counted with { Sum = loss * divisor };
    }

    private protected static ArgumentOutOfRangeException Refused<TValue>(
        string name, TValue actual, string expected, int step, int sequence) =>
        new(name, actual, $"{name} must be {expected}, but is {actual} at step {step} of sequence {sequence}.");

    private static double WeightAt(ReadOnlySpan<T> weights, int index) =>
        weights.IsEmpty ? 1 : double.CreateTruncating(weights[index]);

    /// <summary>
    /// Writes the share of each step, checks its target, and returns what the weights were divided by, and the weights and the
    /// number of the steps that count.
    /// </summary>
    private (double Divisor, LossSum Counted) FillScales<TStepLoss>(
        LossRows<T, TStepLoss> rows, Sequence<T> predictions, TStepLoss stepLoss, ReadOnlySpan<T> weights)
        where TStepLoss : struct, IStepLoss<T>
    {
        (int batch, StepMask? mask) = (predictions.Batch, predictions.Gaps);
        Span<double> scales = rows.Scales(predictions.Steps * batch);
        if (!weights.IsEmpty)
        {
            Guard.Length(weights.Length, scales.Length, "steps × sequences", nameof(weights));
        }

        double sum = 0;
        double total = 0;
        long items = 0;
        for (int n = 0; n < scales.Length; n++)
        {
            double weight = mask?.Values[n] != false ? WeightAt(weights, n) : 0;
            if (!(weight >= 0 && double.IsFinite(weight)))
            {
                throw Refused(nameof(weights), weight, "finite and at least 0", n / batch, n % batch);
            }

            scales[n] = weight;
            sum += weight;
            if (weight > 0)
            {
                total += weight * stepLoss.Check(n / batch, n % batch);
                items++;
            }
        }

        Guard.Shape(sum > 0, "above 0 at one valid step or more", "0 at every one", nameof(weights));
        Guard.Shape(double.IsFinite(sum), "of a finite sum", "of an infinite sum", nameof(weights));
        Guard.Shape(total > 0, "above 0 for one target or more", "0 for every target", "ClassWeights");
        double divisor = Reduction switch
        {
            Reduction.Mean => total,
            Reduction.SumOverSteps => batch,
            _ => 1,
        };
        for (int n = 0; n < scales.Length; n++)
        {
            scales[n] /= divisor;
        }

        return (divisor, new LossSum(0, total, items));
    }

    /// <summary>Memory of the loss's own for a gradient, where it is not to be written over the predictions.</summary>
    private static Sequence<T> Own(ref Sequence<T>? own, Sequence<T> predictions)
    {
        if (own?.Features != predictions.Features)
        {
            own = new Sequence<T>(predictions.Steps, predictions.Batch, predictions.Features);
        }

        own.Resize(predictions.Steps, predictions.Batch);
        return own;
    }

    private double Run<TStepLoss>(
        LossRows<T, TStepLoss> rows, Sequence<T> predictions, TStepLoss stepLoss, Sequence<T>? gradient)
        where TStepLoss : struct, IStepLoss<T> =>
        rows.Evaluate(stepLoss, predictions, gradient, Effort == 0 ? 1 : Threads, Effort);

    private void CheckShapes(Sequence<T> predictions, Sequence<T> targets)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(targets);
        if (targets.Steps != predictions.Steps
            || targets.Batch != predictions.Batch
            || targets.Features != TargetFeatures(predictions.Features))
        {
            throw new ArgumentException(
                $"{nameof(targets)} must be of the shape of {nameof(predictions)}, {predictions}"
                + $" with {TargetFeatures(predictions.Features)} features, but is {targets}.",
                nameof(targets));
        }
    }

    /// <summary>Targets that are numbers, one for each prediction.</summary>
    private protected readonly struct SequenceTargets(Loss<T> loss, Sequence<T> targets) : IStepLoss<T>
    {
        public double Check(int step, int sequence)
        {
            loss.CheckTarget(targets.At(step, sequence), step, sequence);
            return 1;
        }

        public double Evaluate(int step, int sequence, ReadOnlySpan<T> prediction, double scale, Span<T> gradient) =>
            loss.EvaluateStep(prediction, targets.At(step, sequence), scale, gradient);
    }
}
