using System.Diagnostics;

namespace Lstm.Benchmarks.Measuring;

/// <summary>How long to measure what is run again and again: at least so many seconds and so many runs.</summary>
internal readonly record struct Effort(double Seconds, int Runs)
{
    /// <summary>Enough for the compiler's last tier to be in place: it waits 0.1 s, then compiles.</summary>
    private const double WarmUpSeconds = 0.3;
    private const int WarmUpRuns = 1;

    private const int DefaultRuns = 5;

    public static Effort Of(double seconds) => new(seconds, DefaultRuns);

    /// <summary>The share of each of several rounds.</summary>
    public Effort Share(int rounds) => new(Seconds / rounds, (Runs + rounds - 1) / rounds);

    /// <summary>
    /// The best run after a warm-up, since whatever else the machine does can only add to the time, and what all runs
    /// together allocate on the heap, on all threads.
    /// </summary>
    public Measurement Measure(Action run)
    {
        _ = Repeat(run, WarmUpSeconds, WarmUpRuns);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        (double best, long runs) = Repeat(run, Seconds, Runs);
        return new Measurement(best, (GC.GetTotalAllocatedBytes(precise: true) - before) / runs);
    }

    private static (double BestSeconds, long Runs) Repeat(Action run, double seconds, int leastRuns)
    {
        double best = double.PositiveInfinity;
        long runs = 0;
        for (long start = Stopwatch.GetTimestamp(); runs < leastRuns || SecondsSince(start) < seconds; runs++)
        {
            long before = Stopwatch.GetTimestamp();
            run();
            best = Math.Min(best, SecondsSince(before));
        }

        return (best, runs);
    }

    private static double SecondsSince(long timestamp) =>
        (Stopwatch.GetTimestamp() - timestamp) / (double)Stopwatch.Frequency;
}
