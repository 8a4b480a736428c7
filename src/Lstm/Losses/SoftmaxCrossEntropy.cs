using System.Numerics;
using System.Numerics.Tensors;
using Lstm.Kernels;

namespace Lstm.Losses;

/// <summary>
/// Softmax and cross-entropy in one, from logits: the loss of classification and of language models, in nats.
/// </summary>
/// <remarks>
/// <para>
/// With x the F logits of a step and <c>p = softmax(x)</c>, the loss of the class c is <c>l = −log p_c</c>, its gradient
/// <c>p − onehot(c)</c>. With a distribution q as target, <c>l = −Σ qₖ log pₖ</c> and the gradient is <c>(Σ q)·p − q</c>.
/// The maximum is subtracted first, so that no finite logits overflow. A logit of −∞ excludes its class, as long as
/// another is finite and the class is not wanted.
/// </para>
/// <para>
/// With label smoothing ε and class weights v, the target is <c>qₖ = vₖ·((1 − ε)·onehot(c)ₖ + ε/F)</c>, or with a
/// distribution in place of the one-hot vector, and the mean over classes divides by <c>Σ w·v_c</c>: PyTorch's
/// <c>CrossEntropyLoss</c>.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SoftmaxCrossEntropy<T> : Loss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Numbers of a step that are taken at a time where something is kept of them on the stack.</summary>
    private const int Block = 128;

    private readonly LossRows<T, ClassTargets> _rows = new();
    private T[] _classWeights = [];

    /// <summary>Makes the loss.</summary>
    /// <param name="reduction">The mean over the valid steps unless set.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="reduction"/> is not one of the enumeration.</exception>
    public SoftmaxCrossEntropy(Reduction reduction = Reduction.Mean)
        : base(reduction)
    {
    }

    /// <summary>
    /// ε, the share of a target that is spread over all classes alike (Szegedy, Vanhoucke, Ioffe, Shlens and Wojna 2016); from
    /// 0 to 1, and 0 (none) unless set.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double LabelSmoothing { get; init => field = Guard.InRange(value, 0, 1, nameof(LabelSmoothing)); }

    /// <summary>
    /// v, how much each class counts, so that rare ones are not neglected: a number ≥ 0 for each class; null, unless set,
    /// for 1 each. The list is copied.
    /// </summary>
    /// <exception cref="ArgumentException">The list is empty, or a number is negative, infinite or NaN.</exception>
    public IReadOnlyList<double>? ClassWeights
    {
        get;
        init
        {
            Guard.Shape(value is null or { Count: > 0 }, "a number for each class", "empty", nameof(ClassWeights));
            foreach (double weight in value ?? [])
            {
                Guard.InRange(weight, 0, double.PositiveInfinity, nameof(ClassWeights));
            }

            field = value is null ? null : [.. value];
            _classWeights = [.. (value ?? []).Select(T.CreateTruncating)];
        }
    }

    /// <inheritdoc/>
    protected override bool CanOverwrite => true;

    /// <inheritdoc/>
    protected override bool CanOmitGradient => true;

    /// <inheritdoc/>
    private protected override int Effort => 16;

    /// <summary>
    /// Computes the loss of class indices, and its gradient into <see cref="Loss{T}.Gradient"/>. For distributions see
    /// <see cref="Loss{T}.Evaluate(Sequence{T}, Sequence{T}, ReadOnlySpan{T}, bool)"/>: their numbers must not be negative,
    /// and are taken as they are, whether or not they sum to 1.
    /// </summary>
    /// <param name="logits">T × B × F, one logit a class. They are read and not changed, unless they are to be overwritten.</param>
    /// <param name="classes">
    /// T·B indices from 0 to F − 1, element (t, b) at <c>t·B + b</c>. Where the weight is 0 the index may be anything.
    /// </param>
    /// <param name="weights">
    /// A number ≥ 0 for each step and sequence, T·B long, element (t, b) at <c>t·B + b</c>; if empty, every weight is 1.
    /// At steps that are not valid they are not read.
    /// </param>
    /// <param name="overwrite">
    /// Whether the logits are needed no more, so that the gradient is written over them instead of into memory of its own.
    /// The layer that they come from must not need them for its backward pass: see
    /// <see cref="Layers.Layer{T}.NeedsOutput"/>.
    /// </param>
    /// <returns>L.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="logits"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The indices, the weights or the <see cref="ClassWeights"/> have another length, or the weights are all 0 or sum to
    /// infinity.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An index of a weight above 0 is out of its range, or a weight is negative, infinite or NaN.
    /// </exception>
    /// <exception cref="NonFiniteLossException">
    /// L is NaN or infinite. There is no <see cref="Loss{T}.Gradient"/> until an evaluation succeeds.
    /// </exception>
    public unsafe T Evaluate(
        Sequence<T> logits, ReadOnlySpan<int> classes, ReadOnlySpan<T> weights = default, bool overwrite = false)
    {
        CheckClasses(logits, classes);
        fixed (int* first = classes)
        {
            return Reduce(_rows, logits, new ClassTargets(this, first, logits), weights, overwrite);
        }
    }

    /// <summary>
    /// Computes the loss of class indices without its gradient, for validation: one pass over the logits that writes nothing.
    /// <see cref="Loss{T}.Gradient"/> and <see cref="Loss{T}.Sum"/> stay those of the latest evaluation.
    /// </summary>
    /// <param name="logits">T × B × F, one logit a class. They are read and not changed.</param>
    /// <param name="classes">T·B indices from 0 to F − 1, element (t, b) at <c>t·B + b</c>.</param>
    /// <param name="weights">A number ≥ 0 for each step and sequence, in the same order; if empty, every weight is 1.</param>
    /// <returns>What <see cref="Loss{T}.Sum"/> would be after an evaluation, to the last bit.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="logits"/> is null.</exception>
    /// <exception cref="ArgumentException">As for an evaluation.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An index of a weight above 0 is out of its range, or a weight is negative, infinite or NaN.
    /// </exception>
    /// <exception cref="NonFiniteLossException">The loss is NaN or infinite.</exception>
    public unsafe LossSum Measure(Sequence<T> logits, ReadOnlySpan<int> classes, ReadOnlySpan<T> weights = default)
    {
        CheckClasses(logits, classes);
        fixed (int* first = classes)
        {
            return Measure(_rows, logits, new ClassTargets(this, first, logits), weights);
        }
    }

    /// <inheritdoc/>
    protected override double EvaluateStep(
        ReadOnlySpan<T> prediction, ReadOnlySpan<T> target, double scale, Span<T> gradient)
    {
        T maximum = TensorPrimitives.Max(prediction);
        (double mass, double loss) = Distance(prediction, maximum, target);
        if (gradient.IsEmpty)
        {
            return loss + (mass * Math.Log(SoftmaxRow.Sum(prediction, maximum)));
        }

        double sum = SoftmaxRow.Exponentials(prediction, maximum, gradient);
        TensorPrimitives.Multiply(gradient, T.CreateTruncating(scale * mass / sum), gradient);
        Span<T> shares = stackalloc T[Block];
        for (int start = 0; start < gradient.Length; start += Block)
        {
            Span<T> part = gradient.Slice(start, Math.Min(Block, gradient.Length - start));
            ReadOnlySpan<T> wanted = Shares(target, start, gradient.Length, shares.Slice(0, part.Length));
            TensorPrimitives.MultiplyAdd(wanted, T.CreateTruncating(-scale), part, part);
        }

        return loss + (mass * Math.Log(sum));
    }

    /// <inheritdoc/>
    protected override void CheckTarget(ReadOnlySpan<T> target, int step, int sequence)
    {
        CheckClassWeights(target.Length);
        T lowest = TensorPrimitives.MinNumber(target);
        if (lowest < T.Zero)
        {
            throw Refused("targets", lowest, "at least 0", step, sequence);
        }
    }

    /// <summary>The loss of class c; the gradient is scale · (Σ q · p − q).</summary>
    private double EvaluateClass(ReadOnlySpan<T> prediction, int target, double scale, Span<T> gradient)
    {
        T maximum = TensorPrimitives.Max(prediction);
        double share = (1 - LabelSmoothing) * WeightOf(target);
        double loss = share * (double.CreateTruncating(maximum) - double.CreateTruncating(prediction[target]));
        double mass = share;
        if (LabelSmoothing > 0)
        {
            (double spread, double distance) = Distance(prediction, maximum, default);
            mass += spread;
            loss += distance;
        }

        if (gradient.IsEmpty)
        {
            return loss + (mass * Math.Log(SoftmaxRow.Sum(prediction, maximum)));
        }

        double sum = SoftmaxRow.Exponentials(prediction, maximum, gradient);
        double probability = double.CreateTruncating(gradient[target]) / sum;
        TensorPrimitives.Multiply(gradient, T.CreateTruncating(scale * mass / sum), gradient);
        if (LabelSmoothing > 0)
        {
            Spread(scale, gradient);
            share += LabelSmoothing / gradient.Length * WeightOf(target);
        }

        // p − 1 in double, so that it is exactly 0 once the class is certain.
        gradient[target] = T.CreateTruncating(scale * ((mass * probability) - share));
        return loss + (mass * Math.Log(sum));
    }

    /// <summary>Σ qₖ and Σ qₖ (m − xₖ).</summary>
    private (double Mass, double Sum) Distance(ReadOnlySpan<T> prediction, T maximum, ReadOnlySpan<T> target)
    {
        Span<T> shareBlock = stackalloc T[Block];
        Span<T> distanceBlock = stackalloc T[Block];
        (double mass, double sum) = (0, 0);
        for (int start = 0; start < prediction.Length; start += Block)
        {
            int length = Math.Min(Block, prediction.Length - start);
            ReadOnlySpan<T> shares = Shares(target, start, prediction.Length, shareBlock.Slice(0, length));
            Span<T> distances = distanceBlock.Slice(0, length);
            TensorPrimitives.Subtract(maximum, prediction.Slice(start, length), distances);
            if (T.IsPositiveInfinity(TensorPrimitives.Max<T>(distances)))
            {
                // A class that is excluded (logit −∞) and not wanted (target 0) costs nothing: 0 · log 0 counts as 0.
                for (int n = 0; n < length; n++)
                {
                    distances[n] = shares[n] == T.Zero ? T.Zero : distances[n];
                }
            }

            mass += double.CreateTruncating(TensorPrimitives.Sum(shares));
            sum += double.CreateTruncating(TensorPrimitives.Dot(shares, distances));
        }

        return (mass, sum);
    }

    /// <summary>Takes scale · ε/F · v from a gradient.</summary>
    private void Spread(double scale, Span<T> gradient)
    {
        T step = T.CreateTruncating(-scale * LabelSmoothing / gradient.Length);
        if (_classWeights.Length == 0)
        {
            TensorPrimitives.Add(gradient, step, gradient);
        }
        else
        {
            TensorPrimitives.MultiplyAdd(_classWeights, step, gradient, gradient);
        }
    }

    /// <summary>Some of qₖ = vₖ·((1 − ε)·tₖ + ε/F), written to the given span or found where they are; t is 0 if it is empty.</summary>
    private ReadOnlySpan<T> Shares(ReadOnlySpan<T> target, int start, int features, Span<T> shares)
    {
        if (LabelSmoothing == 0 && _classWeights.Length == 0)
        {
            return target.Slice(start, shares.Length);
        }

        shares.Fill(T.CreateTruncating(LabelSmoothing / features));
        if (!target.IsEmpty)
        {
            TensorPrimitives.MultiplyAdd(
                target.Slice(start, shares.Length), T.CreateTruncating(1 - LabelSmoothing), shares, shares);
        }

        if (_classWeights.Length > 0)
        {
            TensorPrimitives.Multiply(shares, _classWeights.AsSpan(start, shares.Length), shares);
        }

        return shares;
    }

    private double WeightOf(int target) => _classWeights.Length == 0 ? 1 : ClassWeights![target];

    private void CheckClasses(Sequence<T> logits, ReadOnlySpan<int> classes)
    {
        ArgumentNullException.ThrowIfNull(logits);
        Guard.Length(classes.Length, (long)logits.Steps * logits.Batch, "steps × sequences", nameof(classes));
        CheckClassWeights(logits.Features);
    }

    private void CheckClassWeights(int features)
    {
        if (ClassWeights is not null)
        {
            Guard.Length(ClassWeights.Count, features, "one for each class", nameof(ClassWeights));
        }
    }

    /// <summary>Targets that are indices of classes.</summary>
    private readonly unsafe struct ClassTargets(SoftmaxCrossEntropy<T> loss, int* classes, Sequence<T> logits)
        : IStepLoss<T>
    {
        public double Check(int step, int sequence)
        {
            int target = classes[(step * logits.Batch) + sequence];
            if ((uint)target >= (uint)logits.Features)
            {
                throw Refused(nameof(classes), target, $"from 0 to {logits.Features - 1}", step, sequence);
            }

            return loss.WeightOf(target);
        }

        public double Evaluate(int step, int sequence, ReadOnlySpan<T> prediction, double scale, Span<T> gradient) =>
            loss.EvaluateClass(prediction, classes[(step * logits.Batch) + sequence], scale, gradient);
    }
}
