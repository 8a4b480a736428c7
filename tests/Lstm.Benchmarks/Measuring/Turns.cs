namespace Lstm.Benchmarks.Measuring;

/// <summary>
/// Measures that are to be compared, in turns: a processor that gets hot, or is shared for a while, slows all of them.
/// </summary>
internal static class Turns
{
    public static Times[] Best(IReadOnlyList<Func<Effort, Times>> measures, Effort effort, int rounds)
    {
        Effort share = effort.Share(rounds);
        var best = new Times[measures.Count];
        for (int round = 0; round < rounds; round++)
        {
            for (int n = 0; n < best.Length; n++)
            {
                Times times = measures[n](share);
                best[n] = round == 0 ? times : Times.Best(best[n], times);
            }
        }

        return best;
    }
}
