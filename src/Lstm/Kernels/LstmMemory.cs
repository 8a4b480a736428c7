namespace Lstm.Kernels;

/// <summary>
/// What a pass keeps for the passes after it, and its sizes. For each step and sequence training keeps the four gates,
/// the cell state and its tanh, 6H numbers padded to whole vectors; inference keeps nothing of them.
/// </summary>
internal sealed unsafe class LstmMemory<T>
    where T : unmanaged
{
    private readonly AlignedBuffer<T> _gates = new();
    private readonly AlignedBuffer<T> _cells = new();
    private readonly AlignedBuffer<T> _cellTanh = new();
    private readonly AlignedBuffer<T> _initialHidden = new();
    private readonly AlignedBuffer<T> _chunk = new();
    private long _columns;

    /// <summary>The rows of W, U and b in the kernel's order.</summary>
    public GateOrder Rows { get; private set; }

    /// <summary>From one column of <see cref="Chunk"/> to the next.</summary>
    public int ChunkStride { get; private set; }

    /// <summary>From one column of <see cref="Cells"/> and of <see cref="CellTanh"/> to the next.</summary>
    public int UnitStride { get; private set; }

    /// <summary>
    /// The gates after their activations, then δz: a panel for each group of rows, with a column for each step and
    /// sequence, as the gradients of the weights want it. Null in inference.
    /// </summary>
    public T* Gates { get; private set; }

    /// <summary>All rows of a few columns: z of some steps before their recurrent products, or δz of some steps.</summary>
    public T* Chunk { get; private set; }

    /// <summary>c₀ and c of all steps in training, of the latest step in inference: a column for each sequence.</summary>
    public T* Cells { get; private set; }

    /// <summary>From the cell states before a step to those after it: 0 in inference, which overwrites them.</summary>
    public long CellStep { get; private set; }

    /// <summary>tanh c of all steps in training; null in inference.</summary>
    public T* CellTanh { get; private set; }

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
        CellStep = training ? (long)pass.Batch * UnitStride : 0;

        // Full groups are read in whole: the tail may be read as if it were one.
        long rows = Rows.PaddedRows + (Rows.TailWidth == 0 ? 0 : lanes);
        Gates = training ? _gates.Get((_columns * rows) + (GateOrder.MaxVectors * lanes)) : null;
        Cells = _cells.Get(training ? (_columns + pass.Batch) * UnitStride : (long)pass.Batch * UnitStride);
        CellTanh = training ? _cellTanh.Get(_columns * UnitStride) : null;

        // A line more, for reads beyond the end.
        InitialHidden = _initialHidden.Get(((long)pass.Batch * units) + (Cache.Line / sizeof(T)));
        CopyColumns(pass.InitialHidden, units, InitialHidden, units, units, pass.Batch);
        CopyColumns(pass.InitialCell, units, Cells, UnitStride, units, pass.Batch);
    }

    /// <summary>Makes room for a number of columns of <see cref="Chunk"/>; what was in it is lost.</summary>
    public void PrepareChunk(long columns) => Chunk = _chunk.Get(columns * ChunkStride);

    /// <summary>The panel of a group of <see cref="Gates"/>.</summary>
    public T* Panel(int group) => Gates + (Rows.Start(group) * _columns);

    /// <summary>From one column of a panel to the next; a vector of the tail's last gate reaches beyond the rows.</summary>
    public int PanelStride(int group) =>
        (Rows.VectorsIn(group) + (group < Rows.FullGroups ? 0 : 1)) * Rows.Lanes;

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
