namespace Lstm.Kernels;

/// <summary>
/// Work that a team of threads does together. Each runs <see cref="Run"/> with a number of its own, and meets the
/// others at <see cref="Wait"/>. A job is kept and run many times, so that running it allocates nothing.
/// </summary>
internal abstract class TeamJob
{
    private readonly SpinBarrier _barrier = new();

    /// <summary>The threads that run the job, at least 1.</summary>
    public int Threads { get; private set; } = 1;

    /// <summary>Runs the job on at most the given number of threads, the calling one among them.</summary>
    protected void RunOn(int threads)
    {
        ThreadTeam? team = threads > 1 ? ThreadTeam.Rent(threads - 1) : null;
        Threads = team is null ? 1 : threads;
        if (team is null)
        {
            Run(0);
            return;
        }

        _barrier.Reset(threads);
        team.Run(this);
        ThreadTeam.Return(team);
    }

    /// <summary>The share of one thread, numbered from 0.</summary>
    internal abstract void Run(int thread);

    /// <summary>Waits until every thread of the job has come this far.</summary>
    internal void Wait()
    {
        if (Threads > 1)
        {
            _barrier.Wait();
        }
    }

    /// <summary>The first of <paramref name="count"/> equal pieces of work that falls to a thread.</summary>
    internal int First(int count, int thread) => (int)((long)count * thread / Threads);
}
