namespace Lstm.Kernels;

/// <summary>
/// What a recurrent pass keeps for the passes after it, and its sizes. Training keeps z and the state before it of every
/// column; inference keeps one state and the z of a few steps.
/// </summary>
internal sealed unsafe class RecurrentMemory<T>
    where T : unmanaged
{
    private readonly AlignedBuffer<T> _z = new();
    private readonly AlignedBuffer<T> _hidden = new();
    private readonly AlignedBuffer<T> _cells = new();

    public StepPlan Plan { get; } = new();

    /// <summary>The gates in a column of z.</summary>
    public GateBlocks Gates { get; private set; }

    /// <summary>From one column of z to the next.</summary>
    public int ZStride { get; private set; }

    /// <summary>From one column of h to the next: R, rounded up to whole vectors.</summary>
    public int HiddenStride { get; private set; }

    /// <summary>From one column of c to the next: H, rounded up to whole vectors.</summary>
    public int CellStride => Gates.Stride;

    /// <summary>Whether a backward pass follows.</summary>
    public bool Training { get; private set; }

    public T* Z { get; private set; }

    public T* Hidden { get; private set; }

    public T* Cells { get; private set; }

    /// <summary>Makes room for a pass and takes the initial state. The plan has been built.</summary>
    public void Prepare(in RecurrentPass<T> pass, GateBlocks gates, bool hasCell, bool training, long zColumns, int lanes)
    {
        (Gates, Training) = (gates, training);
        HiddenStride = RoundUp(pass.Outputs, lanes);

        // Columns a multiple of 4 KB apart would all fall into the same few sets of the caches.
        ZStride = gates.Rows;
        if (ZStride * sizeof(T) % 4096 == 0)
        {
            ZStride += Cache.Line / sizeof(T);
        }

        // One line more, for reads in whole lines.
        long columns = (training ? Plan.Columns : 0L) + pass.Batch;
        Z = _z.Get((zColumns * ZStride) + Cache.Line);
        Hidden = _hidden.Get((columns * HiddenStride) + Cache.Line);
        Cells = hasCell ? _cells.Get((columns * CellStride) + Cache.Line) : null;
        for (int rank = 0; rank < pass.Batch; rank++)
        {
            long from = pass.SharedInitial ? 0 : Plan.Sequence(rank);
            long to = StateBefore(0, rank);
            Copy(Column(pass.InitialHidden, from, pass.Outputs), pass.Outputs, Hidden + (to * HiddenStride), HiddenStride);
            if (hasCell)
            {
                Copy(Column(pass.InitialCell, from, pass.Units), pass.Units, Cells + (to * CellStride), CellStride);
            }
        }
    }

    /// <summary>Gives the final state.</summary>
    public void Finish(in RecurrentPass<T> pass)
    {
        for (int rank = 0; rank < pass.Batch; rank++)
        {
            long from = StateBefore(Plan.Steps, rank);
            long to = Plan.Sequence(rank);
            Copy(Hidden + (from * HiddenStride), pass.Outputs, pass.FinalHidden + (to * pass.Outputs), pass.Outputs);
            if (Cells != null)
            {
                Copy(Cells + (from * CellStride), pass.Units, pass.FinalCell + (to * pass.Units), pass.Units);
            }
        }
    }

    /// <summary>
    /// The column of h and c of a rank before a step: in training those before each step lie one after another in the
    /// order of the plan, and those after the ends of the sequences come last.
    /// </summary>
    public long StateBefore(int step, int rank) =>
        Training ? (rank < Plan.Count(step) ? Plan.Start(step) : Plan.Columns) + (long)rank : rank;

    /// <summary>Copies a column, and fills what is left of the target's with zeros; a source of null stands for zeros.</summary>
    public static void Copy(T* source, int rows, T* target, int targetRows)
    {
        if (source == null)
        {
            rows = 0;
        }
        else
        {
            new ReadOnlySpan<T>(source, rows).CopyTo(new Span<T>(target, rows));
        }

        new Span<T>(target + rows, targetRows - rows).Clear();
    }

    /// <summary>A column of a matrix; null of none.</summary>
    public static T* Column(T* matrix, long column, int rows) => matrix == null ? null : matrix + (column * rows);

    public static int RoundUp(int rows, int lanes) => (rows + lanes - 1) / lanes * lanes;
}
