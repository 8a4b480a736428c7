namespace Lstm.Kernels;

/// <summary>
/// What a pass keeps for the passes after it, and its sizes. For each step and sequence training keeps the four gates,
/// the cell state and its tanh, 6H numbers padded to whole vectors; inference keeps the gates of a few steps.
/// </summary>
internal sealed unsafe class LstmMemory<T>
    where T : unmanaged
{
    private readonly AlignedBuffer<T> _gates = new();
    private readonly AlignedBuffer<T> _cells = new();
    private readonly AlignedBuffer<T> _cellTanh = new();
    private readonly AlignedBuffer<T> _initialHidden = new();

    /// <summary>The rows of W, U and b in the kernel's order.</summary>
    public GateOrder Rows { get; private set; }

    /// <summary>From one column of <see cref="Gates"/> to the next.</summary>
    public int GateStride { get; private set; }

    /// <summary>From one column of <see cref="Cells"/> and of <see cref="CellTanh"/> to the next.</summary>
    public int UnitStride { get; private set; }

    /// <summary>z, then the gates after their activations, then δz: a column for each step and sequence.</summary>
    public T* Gates { get; private set; }

    /// <summary>c₀ and c of all steps in training, of the latest step in inference: a column for each sequence.</summary>
    public T* Cells { get; private set; }

    /// <summary>From the cell states before a step to those after it: 0 in inference, which overwrites them.</summary>
    public long CellStep { get; private set; }

    /// <summary>tanh c of all steps in training; null in inference.</summary>
    public T* CellTanh { get; private set; }

    /// <summary>A copy of h₀, H × B, since the users' may be overwritten with h_T.</summary>
    public T* InitialHidden { get; private set; }

    /// <summary>Makes room for a pass and takes the initial state.</summary>
    public void Prepare(in LstmPass<T> pass, bool training, int gateSteps, int lanes)
    {
        int units = pass.HiddenUnits;
        Rows = new GateOrder(4, units, lanes);
        UnitStride = (units + lanes - 1) / lanes * lanes;

        // A vector of the tail's last gate reaches beyond the rows. Columns a multiple of 4 KB apart would all fall
        // into the same few sets of the caches.
        GateStride = Rows.PaddedRows + (Rows.TailWidth == 0 ? 0 : lanes);
        if (GateStride * sizeof(T) % 4096 == 0)
        {
            GateStride += 64 / sizeof(T);
        }

        long columns = (long)pass.Steps * pass.Batch;
        CellStep = training ? (long)pass.Batch * UnitStride : 0;
        Gates = _gates.Get((training ? pass.Steps : gateSteps) * (long)pass.Batch * GateStride);
        Cells = _cells.Get(training ? (columns + pass.Batch) * UnitStride : (long)pass.Batch * UnitStride);
        CellTanh = training ? _cellTanh.Get(columns * UnitStride) : null;

        // One vector more, for reads in whole vectors.
        InitialHidden = _initialHidden.Get(((long)pass.Batch * units) + lanes);
        CopyColumns(pass.InitialHidden, units, InitialHidden, units, units, pass.Batch);
        CopyColumns(pass.InitialCell, units, Cells, UnitStride, units, pass.Batch);
    }

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
