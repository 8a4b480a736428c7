namespace Lstm.Tests.Support;

/// <summary>Work on many threads at the same time.</summary>
internal static class Together
{
    /// <summary>Asserts that each run gives the same bits beside the others, on threads that start at once, as alone.</summary>
    public static void GivesTheSameAsAlone<T>(int runs, Func<int, T[]> run)
    {
        T[][] alone = [.. Enumerable.Range(0, runs).Select(run)];
        var together = new T[runs][];
        using var start = new Barrier(runs);
        Thread[] threads = [.. Enumerable.Range(0, runs).Select(n => new Thread(() =>
        {
            start.SignalAndWait();
            together[n] = run(n);
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        for (int n = 0; n < runs; n++)
        {
            together[n].Should().Equal(alone[n]);
        }
    }
}
