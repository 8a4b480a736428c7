using System.Numerics;
using System.Numerics.Tensors;

namespace Lstm.Losses;

/// <summary>Turns logits into probabilities, <c>pₖ = exp(xₖ) / Σⱼ exp(xⱼ)</c>.</summary>
public static class Softmax
{
    /// <summary>Numbers that are summed in T before the sum goes on in double: few enough to lose next to nothing.</summary>
    private const int Block = 128;

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
        Guard.ElementType<T>();
        Guard.Shape(!logits.IsEmpty, "at least one number", "empty", nameof(logits));
        Guard.Length(probabilities.Length, logits.Length, "one for each logit", nameof(probabilities));
        Guard.Shape(
            !logits.Overlaps(probabilities, out int offset) || offset == 0,
            "the logits themselves or apart from them in memory",
            "overlapping them in part",
            nameof(probabilities));
        T maximum = TensorPrimitives.Max(logits);
        if (!T.IsFinite(maximum))
        {
            throw new ArgumentException(
                $"{nameof(logits)} must have a finite maximum, but it is {maximum}.", nameof(logits));
        }

        double sum = Exponentials(logits, maximum, probabilities);
        TensorPrimitives.Divide(probabilities, T.CreateTruncating(sum), probabilities);
    }

    /// <summary>Overwrites the exponentials with exp(xₖ − maximum) and returns their sum.</summary>
    internal static double Exponentials<T>(ReadOnlySpan<T> logits, T maximum, Span<T> exponentials)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TensorPrimitives.Subtract(logits, maximum, exponentials);
        TensorPrimitives.Exp(exponentials, exponentials);
        double sum = 0;
        for (int start = 0; start < exponentials.Length; start += Block)
        {
            int length = Math.Min(Block, exponentials.Length - start);
            sum += double.CreateTruncating(TensorPrimitives.Sum<T>(exponentials.Slice(start, length)));
        }

        return sum;
    }
}
