using System.Runtime.InteropServices;

namespace Lstm.Kernels;

/// <summary>
/// A barrier that is met every few microseconds: it spins, since to sleep and wake takes longer than the work between.
/// </summary>
internal sealed class SpinBarrier
{
    /// <summary>Spins before a thread gives its processor away, in case the one it waits for has none.</summary>
    private const int SpinsBeforeYield = 4096;

    private State _state;
    private int _threads;

    public void Reset(int threads)
    {
        _threads = threads;
        _state.Arrived = 0;
    }

    public void Wait()
    {
        int phase = Volatile.Read(ref _state.Phase);
        if (Interlocked.Increment(ref _state.Arrived) == _threads)
        {
            _state.Arrived = 0;
            Volatile.Write(ref _state.Phase, phase + 1);
            return;
        }

        for (int spins = 0; Volatile.Read(ref _state.Phase) == phase; spins++)
        {
            if (spins < SpinsBeforeYield)
            {
                Thread.SpinWait(1);
            }
            else
            {
                Thread.Yield();
            }
        }
    }

    /// <summary>The two counters lie on cache lines of their own, apart from each other and from their neighbours.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct State
    {
        [FieldOffset(128)]
        public int Arrived;

        [FieldOffset(256)]
        public int Phase;
    }
}
