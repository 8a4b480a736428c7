using System.Numerics;

namespace Lstm.Optimizers;

/// <summary>What loops over the elements of parameters have in common.</summary>
internal static class Elementwise
{
    /// <summary>
    /// The time of an element in multiplications: these loops wait for memory, some ten bytes an element, at a rate at which a
    /// processor multiplies many times as much.
    /// </summary>
    public const int Effort = 16;

    /// <summary>A number in every element.</summary>
    public static Vector<T> Of<T>(double number)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Vector.Create(T.CreateTruncating(number));
}
