using Lstm.Losses;

namespace Lstm.Tests.Losses;

/// <summary>Gradients of losses by central differences.</summary>
internal static class FiniteDifferences
{
    /// <summary>
    /// The largest relative error of a gradient: central differences at 1e-5 are off by some 1e-10 of the third derivative
    /// (h²/6) and some 1e-11 of the loss (its rounding over h).
    /// </summary>
    public const double Tolerance = 1e-7;

    private const double Distance = 1e-5;

    /// <summary>
    /// Compares the loss's gradient with central differences of its value, element by element, relative to the largest
    /// element.
    /// </summary>
    public static void Check(Loss<double> loss, Sequence<double> predictions, Func<double> evaluate)
    {
        evaluate();
        double[] gradient = loss.Gradient.Values.ToArray();
        double largest = gradient.Max(Math.Abs);
        largest.Should().BePositive();
        for (int n = 0; n < gradient.Length; n++)
        {
            double middle = predictions.Values[n];
            predictions.Values[n] = middle + Distance;
            double above = evaluate();
            predictions.Values[n] = middle - Distance;
            double below = evaluate();
            predictions.Values[n] = middle;
            double difference = (above - below) / (2 * Distance);
            gradient[n].Should().BeApproximately(difference, Tolerance * largest, "of element {0}", n);
        }
    }
}
