namespace Lstm.Kernels;

/// <summary>
/// Runs of memory that what comes after a product will read or write. Its tiles fetch a share each while they multiply,
/// so that memory and arithmetic are busy at the same time.
/// </summary>
internal unsafe struct AheadRuns
{
    private int _tilesPerRun;
    private long _share;

    /// <summary>Where the first run starts.</summary>
    public void* Start { get; init; }

    /// <summary>From one run to the next, in bytes.</summary>
    public long Next { get; init; }

    /// <summary>The runs; 0 for none.</summary>
    public int Count { get; init; }

    /// <summary>The bytes of a run.</summary>
    public long Bytes { get; init; }

    /// <summary>
    /// Whether there is a short run for each term of the sums, as the columns of a matrix have where some of its rows
    /// come next.
    /// </summary>
    public bool ByTerm { get; init; }

    /// <summary>
    /// Shares the runs out between a number of tiles. Each fetches from one run, and with fewer tiles than runs some are
    /// left out; or each fetches a line of every run, if there is one for each term.
    /// </summary>
    /// <returns>How far a tile goes on for each term of its sums, in bytes.</returns>
    public nint ShareOut(int tiles, nint terms)
    {
        if (Count == 0 || tiles == 0)
        {
            return 0;
        }

        if (ByTerm)
        {
            return (nint)Next;
        }

        _tilesPerRun = Math.Max(tiles / Count, 1);
        _share = (Bytes + _tilesPerRun - 1) / _tilesPerRun;
        return (nint)((_share + terms - 1) / terms);
    }

    /// <summary>Where a tile fetches from, or null.</summary>
    public readonly void* this[int tile]
    {
        get
        {
            if (ByTerm)
            {
                // A run may start within a line.
                long offset = (long)tile * Cache.Line;
                return offset < Bytes + Cache.Line ? (byte*)Start + offset : null;
            }

            if (_tilesPerRun == 0)
            {
                return null;
            }

            int run = tile / _tilesPerRun;
            return run < Count ? (byte*)Start + (run * Next) + ((tile - (run * _tilesPerRun)) * _share) : null;
        }
    }
}
