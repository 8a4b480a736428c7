using System.Numerics;

namespace Lstm.Tests.Support;

internal static class Reversal
{
    /// <summary>A sequence of the same steps, the last first.</summary>
    public static Sequence<T> Of<T>(Sequence<T> sequence)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Sequence<T>.FromMatrices([.. sequence.ToMatrices().Reverse()]);
}
