using System.Numerics;
using System.Numerics.Tensors;

namespace Lstm.Losses;

/// <summary>
/// Softmax and cross-entropy in one, from logits: the loss of classification and of language models, in nats.
/// </summary>
/// <remarks>
/// With x the F logits of a step and <c>p = softmax(x)</c>, the loss of the class c is <c>l = −log p_c</c>, its gradient
/// <c>p − onehot(c)</c>. With a distribution q as target, <c>l = −Σ qₖ log pₖ</c> and the gradient is <c>(Σ q)·p − q</c>.
/// The maximum is subtracted first, so that no finite logits overflow. A logit of −∞ excludes its class, as long as
/// another is finite and the class is not the target.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SoftmaxCrossEntropy<T> : Loss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes the loss.</summary>
    /// <param name="reduction">The mean over the valid steps unless set.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="reduction"/> is not one of the enumeration.</exception>
    public SoftmaxCrossEntropy(Reduction reduction = Reduction.Mean)
        : base(reduction)
    {
    }

    /// <summary>
    /// Computes the loss of class indices, and its gradient into <see cref="Loss{T}.Gradient"/>. For distributions see
    /// <see cref="Loss{T}.Evaluate(Sequence{T}, Sequence{T}, ReadOnlySpan{T})"/>: their numbers must not be negative, and
    /// are taken as they are, whether or not they sum to 1.
    /// </summary>
    /// <param name="logits">T × B × F, one logit a class. They are read and not changed.</param>
    /// <param name="classes">
    /// T·B indices from 0 to F − 1, element (t, b) at <c>t·B + b</c>. Where the weight is 0 the index may be anything.
    /// </param>
    /// <param name="weights">
    /// A number ≥ 0 for each step and sequence, T·B long, element (t, b) at <c>t·B + b</c>; if empty, every weight is 1.
    /// </param>
    /// <returns>L.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="logits"/> is null.</exception>
    /// <exception cref="ArgumentException">
    /// The indices or the weights have another length, or the weights are all 0 or sum to infinity.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An index of a weight above 0 is out of its range, or a weight is negative, infinite or NaN.
    /// </exception>
    /// <exception cref="NonFiniteLossException">
    /// L is NaN or infinite. There is no <see cref="Loss{T}.Gradient"/> until an evaluation succeeds.
    /// </exception>
    public T Evaluate(Sequence<T> logits, ReadOnlySpan<int> classes, ReadOnlySpan<T> weights = default)
    {
        ArgumentNullException.ThrowIfNull(logits);
        Guard.Length(classes.Length, (long)logits.Steps * logits.Batch, "steps × sequences", nameof(classes));
        return Reduce(logits, new ClassTargets(classes, logits.Batch, logits.Features), weights);
    }

    /// <inheritdoc/>
    protected override double EvaluateStep(
        ReadOnlySpan<T> prediction, ReadOnlySpan<T> target, double scale, Span<T> gradient)
    {
        T maximum = TensorPrimitives.Max(prediction);
        double sum = Softmax.Exponentials(prediction, maximum, gradient);
        double mass = 0;
        double loss = 0;
        for (int k = 0; k < target.Length; k++)
        {
            // A class that is excluded (logit −∞) and not wanted (target 0) costs nothing: 0 · log 0 counts as 0.
            if (target[k] != T.Zero)
            {
                double share = double.CreateTruncating(target[k]);
                mass += share;
                loss += share * Distance(maximum, prediction[k]);
            }
        }

        TensorPrimitives.Multiply(gradient, T.CreateTruncating(scale * mass / sum), gradient);
        TensorPrimitives.MultiplyAdd(target, T.CreateTruncating(-scale), gradient, gradient);
        return loss + (mass * Math.Log(sum));
    }

    /// <inheritdoc/>
    protected override void CheckTarget(ReadOnlySpan<T> target, int step, int sequence)
    {
        T lowest = TensorPrimitives.MinNumber(target);
        if (lowest < T.Zero)
        {
            throw Refused("targets", lowest, "at least 0", step, sequence);
        }
    }

    private static double Distance(T maximum, T logit) =>
        double.CreateTruncating(maximum) - double.CreateTruncating(logit);

    /// <summary>Targets that are indices of classes.</summary>
    private readonly ref struct ClassTargets(ReadOnlySpan<int> classes, int batch, int count) : IStepLoss<T>
    {
        private readonly ReadOnlySpan<int> _classes = classes;

        public void Check(int step, int sequence)
        {
            int target = _classes[(step * batch) + sequence];
            if ((uint)target >= (uint)count)
            {
                throw Refused(nameof(classes), target, $"from 0 to {count - 1}", step, sequence);
            }
        }

        public double Evaluate(int step, int sequence, ReadOnlySpan<T> prediction, double scale, Span<T> gradient)
        {
            int target = _classes[(step * batch) + sequence];
            T maximum = TensorPrimitives.Max(prediction);
            double sum = Softmax.Exponentials(prediction, maximum, gradient);
            double probability = double.CreateTruncating(gradient[target]) / sum;
            TensorPrimitives.Multiply(gradient, T.CreateTruncating(scale / sum), gradient);

            // p − 1 in double, so that it is exactly 0 once the class is certain.
            gradient[target] = T.CreateTruncating(scale * (probability - 1));
            return Math.Log(sum) + Distance(maximum, prediction[target]);
        }
    }
}
