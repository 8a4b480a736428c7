namespace Lstm.Kernels;

/// <summary>How a pass is cut into pieces, and on how many threads it is worth running. No result depends on it.</summary>
internal static class Schedule
{
    /// <summary>Columns whose input products are computed at once: enough to keep a panel busy, few enough to stay cached.</summary>
    private const int ChunkColumns = 256;

    /// <summary>Multiply-adds below which a pass is done before a second thread is awake.</summary>
    private const long LeastPerPass = 500_000;

    /// <summary>Multiply-adds of a step below which a barrier costs more than a second thread gains.</summary>
    private const long LeastPerStep = 100_000;

    /// <summary>Sequences below which the weights, which each slice reads at every step, cost more than a thread gains.</summary>
    private const int LeastPerSlice = 4;

    /// <summary>Weights that stay in a level-2 cache.</summary>
    private const long NearBytes = 512 * 1024;

    /// <summary>Weights that share a level-3 cache with what a step reads and writes.</summary>
    private const long SharedBytes = 16 * 1024 * 1024;

    public static int ChunkSteps(int steps, int batch) => Math.Clamp(ChunkColumns / batch, 1, steps);

    /// <summary>The threads to use for one product, of those that are allowed.</summary>
    public static int Threads(int allowed, long multiplyAdds) => multiplyAdds < LeastPerPass ? 1 : allowed;

    /// <summary>The threads to use for a pass through all steps, of those that are allowed.</summary>
    public static int Threads(int allowed, int steps, int batch, int inputs, int units)
    {
        long perStep = 4L * batch * units * units;
        long perPass = steps * (perStep + (4L * batch * units * inputs));
        return perStep < LeastPerStep ? 1 : Threads(allowed, perPass);
    }

    /// <summary>Whether each thread takes some of the sequences, rather than some of the units.</summary>
    public static bool BySequence(int threads, int batch, int tile) => batch >= 2 * threads * tile || threads == 1;

    /// <summary>Into how many slices of sequences a pass is cut, of which each thread takes one through all steps.</summary>
    public static int Slices(int threads, int batch) => Math.Clamp(batch / LeastPerSlice, 1, threads);

    /// <summary>
    /// Whether each step adds up W x and U h in one go, in registers. It spares the memory between the two products, but
    /// reads W at every step: with few sequences, or a W that has to come from afar, that takes longer.
    /// </summary>
    public static bool Fused(int batch, long weightBytes) =>
        batch >= (weightBytes <= NearBytes ? 4 : weightBytes <= SharedBytes ? 12 : 64);
}
