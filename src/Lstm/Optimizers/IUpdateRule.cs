using System.Numerics;

namespace Lstm.Optimizers;

/// <summary>The formulas of an optimizer for a vector of elements.</summary>
internal interface IUpdateRule<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Moves what is remembered at vector n on, and returns the new values.</summary>
    Vector<T> Next(Vector<T> value, Vector<T> gradient, int n);
}
