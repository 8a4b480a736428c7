namespace Lstm.Tests.Losses;

/// <summary>Counts what a call on this thread alone puts on the heap; other tests may run beside it.</summary>
internal static class ThreadAllocation
{
    /// <summary>Bytes that this thread allocates in some calls, after some that may allocate.</summary>
    public static long OnceWarm(Action call)
    {
        const int calls = 8;
        for (int n = 0; n < calls; n++)
        {
            call();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int n = 0; n < calls; n++)
        {
            call();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
