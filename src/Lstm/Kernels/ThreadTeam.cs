namespace Lstm.Kernels;

/// <summary>
/// Threads that live on between calls, spin for a moment after their work, since the next call often comes at once,
/// and then sleep. They are the library's own: an application's thread pool is never waited for nor starved. A caller
/// rents a team for one job; whoever finds none free works alone, with the same result.
/// </summary>
internal sealed class ThreadTeam
{
    /// <summary>Spins before an idle thread goes to sleep: some 50 microseconds.</summary>
    private const int SpinsBeforeSleep = 2000;

    private static readonly Lock Gate = new();
    private static readonly Stack<ThreadTeam> Idle = new();
    private static int _membersInAll;

    private readonly List<Member> _members = [];
    private TeamJob? _job;
    private int _pending;

    /// <summary>
    /// A team with at least the given number of members beside the caller, or null if the process has as many members
    /// at work as it has processors.
    /// </summary>
    public static ThreadTeam? Rent(int members)
    {
        lock (Gate)
        {
            ThreadTeam? team = Idle.TryPop(out ThreadTeam? idle) ? idle : null;
            int missing = members - (team?._members.Count ?? 0);
            if (missing > 0 && team is null && _membersInAll >= Environment.ProcessorCount)
            {
                return null;
            }

            team ??= new ThreadTeam();
            for (int n = 0; n < missing; n++)
            {
                team._members.Add(new Member(team, team._members.Count + 1));
                _membersInAll++;
            }

            return team;
        }
    }

    public static void Return(ThreadTeam team)
    {
        lock (Gate)
        {
            Idle.Push(team);
        }
    }

    /// <summary>Runs a job on the calling thread, as number 0, and on as many members as the job has threads.</summary>
    public void Run(TeamJob job)
    {
        _job = job;
        _pending = job.Threads - 1;
        for (int n = 0; n < job.Threads - 1; n++)
        {
            _members[n].Start();
        }

        job.Run(0);
        for (int spins = 0; Volatile.Read(ref _pending) != 0; spins++)
        {
            if (spins < SpinsBeforeSleep)
            {
                Thread.SpinWait(1);
            }
            else
            {
                Thread.Yield();
            }
        }

        _job = null;
    }

    private sealed class Member
    {
        private readonly ThreadTeam _team;
        private readonly int _number;
        private readonly object _sleep = new();
        private bool _asleep;
        private int _started;
        private int _done;

        public Member(ThreadTeam team, int number)
        {
            (_team, _number) = (team, number);
            new Thread(Loop) { IsBackground = true, Name = $"Lstm {number}" }.Start();
        }

        public void Start()
        {
            Volatile.Write(ref _started, _started + 1);
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref _asleep))
            {
                lock (_sleep)
                {
                    Monitor.Pulse(_sleep);
                }
            }
        }

        private void Loop()
        {
            while (true)
            {
                for (int spins = 0; Volatile.Read(ref _started) == _done && spins < SpinsBeforeSleep; spins++)
                {
                    Thread.SpinWait(1);
                }

                if (Volatile.Read(ref _started) == _done)
                {
                    Sleep();
                }

                _done++;
                _team._job!.Run(_number);
                Interlocked.Decrement(ref _team._pending);
            }
        }

        private void Sleep()
        {
            lock (_sleep)
            {
                Volatile.Write(ref _asleep, true);

                // Whoever starts work writes it before looking here, and this looks for work after writing here: one
                // of the two sees the other.
                Interlocked.MemoryBarrier();
                while (Volatile.Read(ref _started) == _done)
                {
                    Monitor.Wait(_sleep);
                }

                Volatile.Write(ref _asleep, false);
            }
        }
    }
}
