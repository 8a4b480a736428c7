namespace Lstm.Kernels;

/// <summary>
/// What a pass keeps for the passes after it, and its sizes. For each step and sequence training keeps the four gates,
/// the cell state before and the tanh of that after, 6H numbers padded to whole vectors; inference keeps nothing of them.
/// </summary>
internal sealed unsafe class LstmMemory<T>
    where T : unmanaged
{
    private readonly AlignedBuffer<T> _kept = new();
    private readonly AlignedBuffer<T> _cells = new();
    private readonly AlignedBuffer<T> _initialHidden = new();
    private readonly AlignedBuffer<T> _chunk = new();
    private long _columns;

    /// <summary>The rows of W, U and b in the kernel's order.</summary>
    public GateOrder Rows { get; private set; }

    /// <summary>From one column of <see cref="Chunk"/> to the next.</summary>
    public int ChunkStride { get; private set; }

    /// <summary>From one column of <see cref="Cells"/> to the next.</summary>
    public int UnitStride { get; private set; }

    /// <summary>
    /// What training keeps: a panel for each group of rows, with a column for each step and sequence, as the gradients of
    /// the weights want it. A column has the gates after their activations, which δz replaces later, then cₜ₋₁ and
    /// tanh cₜ. Null in inference.
    /// </summary>
    public T* Kept { get; private set; }

    /// <summary>All rows of a few columns: z of some steps before their recurrent products, or δz of some steps.</summary>
    public T* Chunk { get; private set; }

    /// <summary>c of the latest step: a column for each sequence.</summary>
    public T* Cells { get; private set; }

    /// <summary>A copy of h₀, H × B, since the users' may be overwritten with h_T.</summary>
    public T* InitialHidden { get; private set; }

    /// <summary>Makes room for a pass and takes the initial state.</summary>
    public void Prepare(in LstmPass<T> pass, bool training, int chunkColumns, int lanes)
    {
        int units = pass.HiddenUnits;
        Rows = new GateOrder(4, units, lanes);
        UnitStride = (units + lanes - 1) / lanes * lanes;

        // A vector of the tail's last gate reaches beyond the rows. Columns a multiple of 4 KB apart would all fall
        // into the same few sets of the caches.
        ChunkStride = Rows.PaddedRows + (Rows.TailWidth == 0 ? 0 : lanes);
        if (ChunkStride * sizeof(T) % 4096 == 0)
        {
            ChunkStride += Cache.Line / sizeof(T);
        }

        Chunk = _chunk.Get((long)chunkColumns * ChunkStride);
        _columns = (long)pass.Steps * pass.Batch;

        Kept = training ? _kept.Get(_columns * Rows.Groups * PanelStride) : null;
        Cells = _cells.Get((long)pass.Batch * UnitStride);

        // A line more, for reads beyond the end.
        InitialHidden = _initialHidden.Get(((long)pass.Batch * units) + (Cache.Line / sizeof(T)));
        CopyColumns(pass.InitialHidden, units, InitialHidden, units, units, pass.Batch);
        CopyColumns(pass.InitialCell, units, Cells, UnitStride, units, pass.Batch);
    }

    /// <summary>Makes room for a number of columns of <see cref="Chunk"/>; what was in it is lost.</summary>
    public void PrepareChunk(long columns) => Chunk = _chunk.Get(columns * ChunkStride);

    /// <summary>From one column of a panel to the next: room for six vectors, in the tail as well.</summary>
    public int PanelStride => (GateOrder.MaxVectors + 2) * Rows.Lanes;

    /// <summary>The panel of a group of <see cref="Kept"/>.</summary>
    public T* Panel(int group) => Kept + (_columns * group * PanelStride);

    /// <summary>Where the cell state is in a column of a panel; tanh c is a vector further on.</summary>
    public int KeptCell => GateOrder.MaxVectors * Rows.Lanes;

    /// <summary>Copies columns from one stride to another; a source of null stands for zeros.</summary>
    public static void CopyColumns(T* source, int sourceStride, T* target, int targetStride, int rows, int columns)
    {
        for (int column = 0; column < columns; column++)
        {
            Span<T> to = new(target + ((long)column * targetStride), rows);
            if (source == null)
            {
                to.Clear();
            }
            else
            {
                new ReadOnlySpan<T>(source + ((long)column * sourceStride), rows).CopyTo(to);
            }
        }
    }
}
