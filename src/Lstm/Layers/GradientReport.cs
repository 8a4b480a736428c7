namespace Lstm.Layers;

/// <summary>What <see cref="GradientCheck"/> found.</summary>
public sealed class GradientReport
{
    private readonly string _layer;

    internal GradientReport(string layer, long elements, double tolerance, IReadOnlyList<GradientDifference> worstByName)
    {
        _layer = layer;
        Elements = elements;
        Tolerance = tolerance;
        WorstByName = worstByName;
        Worst = worstByName.MaxBy(difference => difference.RelativeError)!;
    }

    /// <summary>The number of elements that were checked.</summary>
    public long Elements { get; }

    /// <summary>The relative error up to which a gradient passes.</summary>
    public double Tolerance { get; }

    /// <summary>The element of the largest relative error.</summary>
    public GradientDifference Worst { get; }

    /// <summary>
    /// The element of the largest relative error of each parameter in the layer's order, then of the input if it was
    /// checked, then of each part of the initial state.
    /// </summary>
    public IReadOnlyList<GradientDifference> WorstByName { get; }

    /// <summary>Whether every relative error is within the tolerance.</summary>
    public bool Passed => Worst.RelativeError <= Tolerance;

    /// <summary>The verdict, and a line for the worst element of everything that was checked.</summary>
    /// <returns>Several lines of text.</returns>
    public override string ToString()
    {
        string verdict = FormattableString.Invariant(
            $"{(Passed ? "Passed" : "Failed")}: gradients of {_layer}, {Elements} elements, tolerance {Tolerance:E1}");
        return string.Join(
            Environment.NewLine,
            WorstByName
                .Select(worst => $"  {(worst.RelativeError <= Tolerance ? "passed" : "FAILED")}  {worst}")
                .Prepend(verdict));
    }
}
