namespace Lstm.Tests.Losses;

/// <summary>Counts what a call on this thread alone puts on the heap; other tests may run beside it.</summary>
internal static class ThreadAllocation
{
    /// <summary>
    /// Bytes that this thread allocates in a call, after some that may allocate. Of several the least: teams of threads are
    /// shared with the tests beside it, and where all are taken another is made. Work that allocates does so every time.
    /// </summary>
    public static long OnceWarm(Action call)
    {
        const int calls = 8;
        for (int n = 0; n < calls; n++)
        {
            call();
        }

        long least = long.MaxValue;
        for (int n = 0; n < calls; n++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            call();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
