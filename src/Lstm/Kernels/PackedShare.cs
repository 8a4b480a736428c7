namespace Lstm.Kernels;

/// <summary>
/// Packed weights for as long as they do not change: one copy for all engines of a layer, which read it on several threads
/// at once. Only where weights change while others read them does a second copy come about.
/// </summary>
internal sealed class PackedShare<TPacked>
    where TPacked : class, new()
{
    /// <summary>Steps, each of which reads the weights but once, after which packing them pays: it takes as long as some four.</summary>
    private const int StepsBeforePacking = 8;

    private readonly Lock _lock = new();
    private Holder _latest = new();
    private long _stepped;
    private int _steps;

    /// <summary>Whether one more step of a stream, with weights of this version, should be made on packed ones.</summary>
    public bool PaysForStep(long version)
    {
        if (version == 0)
        {
            return false;
        }

        lock (_lock)
        {
            if (_latest.Version == version)
            {
                return true;
            }

            _steps = _stepped == version ? _steps + 1 : 1;
            _stepped = version;
            return _steps > StepsBeforePacking;
        }
    }

    /// <summary>
    /// Weights for a pass, which ends with <see cref="Give"/>. If they are not packed, the pass packs them first.
    /// </summary>
    /// <param name="version">The version of the weights; 0 if it is not known, and nothing can be shared.</param>
    /// <param name="own">What the pass takes then.</param>
    /// <param name="isPacked">Whether they are packed.</param>
    public Holder Take(long version, Holder own, out bool isPacked)
    {
        isPacked = false;
        if (version == 0)
        {
            return own;
        }

        lock (_lock)
        {
            if (_latest.Version != version)
            {
                if (_latest.Users > 0)
                {
                    _latest = new Holder();
                }

                _latest.Version = 0;
            }

            isPacked = _latest.Version == version;
            _latest.Users++;
            return _latest;
        }
    }

    /// <summary>Gives back what <see cref="Take"/> gave, packed.</summary>
    public void Give(Holder holder, long version)
    {
        if (version == 0)
        {
            return;
        }

        lock (_lock)
        {
            holder.Version = version;
            holder.Users--;
        }
    }

    /// <summary>Packed weights.</summary>
    internal sealed class Holder
    {
        public TPacked Packed { get; } = new();

        /// <summary>Of which weights they are; 0 while they are being packed.</summary>
        public long Version { get; set; }

        /// <summary>The passes that read or write them.</summary>
        public int Users { get; set; }
    }
}
