using System.Numerics;
using System.Numerics.Tensors;
using Lstm.Kernels;

namespace Lstm.Losses;

/// <summary>Turns logits into probabilities, <c>pₖ = exp(xₖ) / Σⱼ exp(xⱼ)</c>, or their logarithms.</summary>
public static class Softmax
{
    /// <summary>Computes the probabilities of the classes.</summary>
    /// <remarks>
    /// The maximum m is subtracted first, so that no finite logits overflow. Up to 10,000 classes a probability is within
    /// <c>8 + |xₖ − m|</c> units in the last place of float or double: the second part is the rounding of xₖ − m, and grows
    /// only as the probability falls to exp(xₖ − m) of the largest.
    /// </remarks>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="logits">x; at least one of them finite. −∞ excludes a class: its probability is 0.</param>
    /// <param name="probabilities">p, as many, overwritten; the logits themselves, or apart from them in memory.</param>
    /// <exception cref="ArgumentException">
    /// There are no logits, the largest is NaN or infinite, or the probabilities have another length or overlap in part.
    /// </exception>
    public static void Probabilities<T>(ReadOnlySpan<T> logits, Span<T> probabilities)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T maximum = Maximum(logits);
        CheckResult(logits, probabilities, nameof(probabilities));
        double sum = SoftmaxRow.Exponentials(logits, maximum, probabilities);
        TensorPrimitives.Divide(probabilities, T.CreateTruncating(sum), probabilities);
    }

    /// <summary>Computes the logarithms of the probabilities of all classes, <c>log pₖ = xₖ − m − log Σⱼ exp(xⱼ − m)</c>.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="logits">x; at least one of them finite. −∞ excludes a class: its logarithm is −∞.</param>
    /// <param name="logarithms">log p, as many, overwritten; the logits themselves, or apart from them in memory.</param>
    /// <exception cref="ArgumentException">
    /// There are no logits, the largest is NaN or infinite, or the logarithms have another length or overlap in part.
    /// </exception>
    public static void LogProbabilities<T>(ReadOnlySpan<T> logits, Span<T> logarithms)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T maximum = Maximum(logits);
        CheckResult(logits, logarithms, nameof(logarithms));
        T logSum = T.CreateTruncating(Math.Log(SoftmaxRow.Sum(logits, maximum)));
        TensorPrimitives.Subtract(logits, maximum, logarithms);
        TensorPrimitives.Subtract(logarithms, logSum, logarithms);
    }

    /// <summary>Computes the logarithm of the probability of one class, in double: <c>xₖ − m − log Σⱼ exp(xⱼ − m)</c>.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="logits">x; at least one of them finite.</param>
    /// <param name="index">k, from 0 to the number of classes − 1.</param>
    /// <returns>log pₖ, at most 0.</returns>
    /// <exception cref="ArgumentException">There are no logits, or the largest is NaN or infinite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of its range.</exception>
    public static double LogProbability<T>(ReadOnlySpan<T> logits, int index)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T maximum = Maximum(logits);
        Guard.Index(index, logits.Length);
        double distance = double.CreateTruncating(logits[index]) - double.CreateTruncating(maximum);
        return distance - Math.Log(SoftmaxRow.Sum(logits, maximum));
    }

    private static T Maximum<T>(ReadOnlySpan<T> logits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Guard.ElementType<T>();
        Guard.Shape(!logits.IsEmpty, "at least one number", "empty", nameof(logits));
        T maximum = TensorPrimitives.Max(logits);
        return T.IsFinite(maximum) ? maximum : throw new ArgumentException(
            $"{nameof(logits)} must have a finite maximum, but it is {maximum}.", nameof(logits));
    }

    private static void CheckResult<T>(ReadOnlySpan<T> logits, Span<T> result, string name)
        where T : unmanaged
    {
        Guard.Length(result.Length, logits.Length, "one for each logit", name);
        Guard.Shape(
            !logits.Overlaps(result, out int offset) || offset == 0,
            "the logits themselves or apart from them in memory",
            "overlapping them in part",
            name);
    }
}
