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
    /// Shares the runs out between a number of tiles, of which each fetches from one run; with fewer tiles than runs some
    /// are left out.
    /// </summary>
    /// <returns>How far a tile goes on for each term of its sums, in bytes.</returns>
    public nint ShareOut(int tiles, nint terms)
    {
        if (Count == 0 || tiles == 0)
        {
            return 0;
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
            if (_tilesPerRun == 0)
            {
                return null;
            }

            int run = tile / _tilesPerRun;
            return run < Count ? (byte*)Start + (run * Next) + ((tile - (run * _tilesPerRun)) * _share) : null;
        }
    }
}
