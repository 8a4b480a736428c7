namespace Lstm.Kernels;

/// <summary>How far apart the operands of a product's tiles lie, in elements.</summary>
internal unsafe struct TileLayout
{
    /// <summary>The terms of each sum.</summary>
    public nint Depth;

    /// <summary>From one depth to the next in the left operand.</summary>
    public nint LeftStep;

    /// <summary>From one column to the next in the right operand.</summary>
    public nint RightColumn;

    /// <summary>A second right operand, on which the sums go on; null if there is none.</summary>
    public void* Next;

    /// <summary>The terms of each sum over the second right operand.</summary>
    public nint NextDepth;

    /// <summary>From one column to the next in the second right operand.</summary>
    public nint NextColumn;

    /// <summary>From one vector of rows to the next in what the sums start from.</summary>
    public nint StartRow;

    /// <summary>From one column to the next in what the sums start from; 0 where all columns start alike, from a bias.</summary>
    public nint StartColumn;

    /// <summary>From one vector of rows to the next in the result.</summary>
    public nint ResultRow;

    /// <summary>From one column to the next in the result.</summary>
    public nint ResultColumn;

    /// <summary>
    /// Memory that will be needed soon: a cache line of it is fetched for each depth, while the arithmetic leaves the
    /// caches idle. An address that nobody reads does no harm.
    /// </summary>
    public void* Ahead;

    /// <summary>More of such memory: see <see cref="AheadRuns"/>.</summary>
    public void* Data;

    /// <summary>How far <see cref="Data"/> goes on for each depth, in bytes: a line, or less.</summary>
    public nint DataStep;
}
