using System.Numerics;

namespace Lstm.Losses;

/// <summary>The loop over the numbers of a step, for losses that take each for itself.</summary>
internal static class ElementLoss
{
    /// <summary>
    /// The mean over the numbers, or their sum if the steps are summed as well, with <c>scale</c> times its gradient. A number
    /// is read before it is written, so that the gradient may stand in the place of the predictions; none is written if it is
    /// empty.
    /// </summary>
    public static double Evaluate<T, TElement>(
        Reduction reduction, TElement element, ReadOnlySpan<T> prediction, ReadOnlySpan<T> target, double scale, Span<T> gradient)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TElement : struct, IElementLoss
    {
        double share = reduction == Reduction.Mean ? 1.0 / prediction.Length : 1;
        double sum = 0;
        for (int f = 0; f < prediction.Length; f++)
        {
            (double loss, double slope) = element.At(
                f, double.CreateTruncating(prediction[f]), double.CreateTruncating(target[f]));
            sum += loss;
            if (!gradient.IsEmpty)
            {
                gradient[f] = T.CreateTruncating(share * scale * slope);
            }
        }

        return share * sum;
    }
}
