using System.Runtime.CompilerServices;

namespace Lstm.Tests.Support;

/// <summary>Counts the bytes that a piece of work allocates once it is warm.</summary>
internal static class Allocations
{
    /// <summary>Calls before the measurement: for buffers to grow, and for the compiler's first tier to be done.</summary>
    private const int WarmUp = 3;

    /// <summary>
    /// Calls that are measured. The least counts, since all threads of the process are counted and the test runner's
    /// own may allocate now and then: work that allocates does so every time.
    /// </summary>
    private const int Measured = 20;

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static long Of(Action work)
    {
        for (int n = 0; n < WarmUp; n++)
        {
            work();
        }

        long least = long.MaxValue;
        for (int n = 0; n < Measured && least > 0; n++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            work();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }
}
