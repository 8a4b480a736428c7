namespace Lstm.Layers;

/// <summary>One element of a gradient as a layer computes it and as finite differences give it.</summary>
/// <param name="Name">
/// What it is the gradient of: the name of a parameter, <c>input</c>, or <c>initial</c> and the name of a part of the
/// state. Where a layer has several parameters of one name, the name is followed by the parameter's place in
/// <see cref="Layer{T}.Parameters"/>.
/// </param>
/// <param name="Index">
/// Which element: row and column of a parameter or of a part of the state; step, sequence and feature of the input.
/// </param>
/// <param name="Analytic">What <see cref="Layer{T}.Backward"/> computed.</param>
/// <param name="Numeric">The finite difference.</param>
/// <param name="RelativeError">
/// |analytic − numeric| / max(|analytic|, |numeric|, floor); infinite where one of the two is not a finite number.
/// </param>
public sealed record GradientDifference(
    string Name, IReadOnlyList<int> Index, double Analytic, double Numeric, double RelativeError)
{
    /// <summary>The element, both values and the relative error on one line.</summary>
    /// <returns>For example <c>InputWeights[3, 1]: backward 0.25, finite difference 0.5, relative error 5.0E-001</c>.</returns>
    public override string ToString() => FormattableString.Invariant(
        $"{Name}[{string.Join(", ", Index)}]: backward {Analytic:R}, finite difference {Numeric:R}, relative error {RelativeError:E1}");
}
