namespace Lstm;

/// <summary>
/// Random bits that are a hash of where they stand, so that those of any place can be had at any time, in any order and on
/// any thread: the generator of Steele, Lea and Flood (2014), "Fast splittable pseudorandom number generators", with the
/// mixing constants of their Java implementation.
/// </summary>
internal static class SplitMix64
{
    /// <summary>2⁶⁴ divided by the golden ratio.</summary>
    private const ulong Golden = 0x9E3779B97F4A7C15;

    /// <summary>The seed whose output 0 is output 1 of another.</summary>
    public static ulong Next(ulong seed) => unchecked(seed + Golden);

    /// <summary>Output number <paramref name="n"/>, from 0, of the generator of a seed.</summary>
    public static ulong At(ulong seed, ulong n)
    {
        ulong bits = seed + ((n + 1) * Golden);
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }
}
