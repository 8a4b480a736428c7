using System.Numerics;

namespace Lstm.Tests.Support;

/// <summary>How far two ways to compute the same numbers may differ, relative as <see cref="Close"/> says.</summary>
internal static class Tolerance
{
    /// <summary>
    /// 84 times float's epsilon. A sum of a few hundred products of both signs, in any order, is off by some ten epsilons of
    /// its largest partial sum, and a few steps through time multiply that by a small number.
    /// </summary>
    private const double Single = 1e-5;

    /// <summary>4,500 times double's epsilon: room for the same, while an error of a formula shows in the first digits.</summary>
    private const double Double = 1e-12;

    public static double Rounding<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => typeof(T) == typeof(float) ? Single : Double;
}
