using System.Numerics;

namespace Lstm.Kernels;

/// <summary>
/// A choice between two numbers for each element, one of them with a given probability. It follows from a seed and the
/// element's place alone, so that it can be made anywhere at any time.
/// </summary>
internal readonly unsafe struct RandomMask<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ulong _seed;
    private readonly ulong _end;
    private readonly T _chosen;
    private readonly T _other;

    /// <param name="seed">The seed of all masks of a call.</param>
    /// <param name="kind">Which of them it is.</param>
    /// <param name="rate">The probability of the first number; from 0 to below 1.</param>
    /// <param name="chosen">The first number.</param>
    /// <param name="other">The second.</param>
    public RandomMask(ulong seed, MaskKind kind, double rate, T chosen, T other)
    {
        _seed = SplitMix64.At(seed, (ulong)kind);
        _end = (ulong)Math.ScaleB(rate, 64);
        (_chosen, _other) = (chosen, other);
    }

    /// <summary>Writes the elements from a place on.</summary>
    public void Fill(long place, T* target, int count)
    {
        // Indexed rather than chosen by a branch, which would be foretold wrongly as often as not.
        ReadOnlySpan<T> numbers = [_other, _chosen];
        for (int n = 0; n < count; n++)
        {
            target[n] = numbers[SplitMix64.At(_seed, (ulong)(place + n)) < _end ? 1 : 0];
        }
    }
}

/// <summary>The random masks of a recurrent pass.</summary>
internal enum MaskKind
{
    Input,
    Recurrent,
    HiddenZoneout,
    CellZoneout,
}
