using System.Numerics;
using Lstm.Layers;

namespace Lstm.Models;

/// <summary>
/// Random numbers whose source is a part of a state, so that it is saved, restored and copied with it: SplitMix64, whose state
/// is one number of 64 bits. The part has it in four numbers of 16 bits, the lowest first, which are exact in any precision.
/// </summary>
internal sealed class StateRandom<T> : Random
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Pieces = 4;
    private const int PieceBits = 16;

    /// <summary>The bits of a double in front of which there are none.</summary>
    private const int DoubleBits = 53;

    /// <summary>Makes a source that starts at a seed.</summary>
    public StateRandom(int seed)
        : base(0)
    {
        Part = new StatePart<T>("Random", Pieces, 1);
        Place = unchecked((ulong)seed);
    }

    /// <summary>Where the source is.</summary>
    public StatePart<T> Part { get; }

    private ulong Place
    {
        get
        {
            ulong place = 0;
            for (int n = 0; n < Pieces; n++)
            {
                place |= (ulong)ushort.CreateSaturating(Part.Values[n]) << (n * PieceBits);
            }

            return place;
        }

        set
        {
            for (int n = 0; n < Pieces; n++)
            {
                Part.Values[n] = T.CreateTruncating((ushort)(value >> (n * PieceBits)));
            }
        }
    }

    /// <inheritdoc/>
    public override double NextDouble() => Sample();

    /// <inheritdoc/>
    protected override double Sample()
    {
        ulong place = Place;
        Place = SplitMix64.Next(place);
        return (SplitMix64.At(place, 0) >> (64 - DoubleBits)) * (1.0 / (1UL << DoubleBits));
    }
}
