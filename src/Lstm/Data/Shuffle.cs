namespace Lstm.Data;

/// <summary>Orders that follow only from a seed and the number of an epoch.</summary>
internal static class Shuffle
{
    /// <summary>Puts items into one of their orders, each as likely (Fisher and Yates; Durstenfeld 1964).</summary>
    public static void Apply<TItem>(Span<TItem> items, int seed, int epoch)
    {
        ulong stream = SplitMix64.At((ulong)seed, (ulong)epoch);
        for (int n = items.Length - 1; n > 0; n--)
        {
            // The high half of bits · (n + 1): as even as 64 bits can be over so few places.
            int other = (int)Math.BigMul(SplitMix64.At(stream, (ulong)n), (ulong)n + 1, out _);
            (items[n], items[other]) = (items[other], items[n]);
        }
    }

    /// <summary>Writes 0, 1, … in order.</summary>
    public static void Reset(Span<int> order)
    {
        for (int n = 0; n < order.Length; n++)
        {
            order[n] = n;
        }
    }
}
