namespace Lstm.Kernels;

/// <summary>
/// In which order a recurrent pass goes through the valid steps of a batch. Each sequence has its valid steps one after
/// the other; the sequences are sorted by the number of them, the longest first, so that step s of the plan is that of the
/// first <see cref="Count"/> sequences. The columns of all steps lie one after the other without padding between them.
/// </summary>
internal sealed class StepPlan
{
    private const int Zero = -1;
    private int[] _starts = [];
    private int[] _places = [];
    private int[] _order = [];
    private int[] _rank = [];
    private int[] _stands = [];
    private int[] _firstRanks = [];
    private int _size;

    /// <summary>B, the sequences.</summary>
    public int Batch { get; private set; }

    /// <summary>The steps of the longest sequence; 0 if no step is valid.</summary>
    public int Steps { get; private set; }

    /// <summary>The valid steps of all sequences.</summary>
    public int Columns => Steps == 0 ? 0 : Start(Steps);

    /// <summary>Whether all steps of all sequences are valid: then column t·B + b is step t of sequence b.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Whether a step that is not valid comes before one that is.</summary>
    public bool HasGaps { get; private set; }

    /// <summary>The first column of a step of the plan.</summary>
    public int Start(int step) => IsWhole ? step * Batch : _starts[step];

    /// <summary>The sequences that take part in a step of the plan; none beyond the last.</summary>
    public int Count(int step) => step >= Steps ? 0 : Start(step + 1) - Start(step);

    /// <summary>Where a column stands in the users' arrays: t·B + b.</summary>
    public int Place(int column) => IsWhole ? column : _places[column];

    /// <summary>The sequence of a rank.</summary>
    public int Sequence(int rank) => IsWhole ? rank : _order[rank];

    /// <summary>
    /// Whose output stands at a place of the users' arrays: its own if the step is valid, that of the valid step before it
    /// in a gap, and negative past the end and before the first valid step, where zeros stand.
    /// </summary>
    public int Stands(int place) => IsWhole ? place : _stands[place];

    /// <summary>The first rank of a slice of sequences; the slices have about as many columns each.</summary>
    public int FirstRank(int slice) => _firstRanks[slice];

    /// <summary>Makes the plan of a pass.</summary>
    /// <param name="steps">T.</param>
    /// <param name="batch">B.</param>
    /// <param name="valid">Whether step t of sequence b is valid, at t·B + b; empty if all are.</param>
    public void Build(int steps, int batch, ReadOnlySpan<bool> valid)
    {
        (Steps, Batch, IsWhole, HasGaps, _size) = (steps, batch, true, false, steps * batch);
        if (valid.Length > 0)
        {
            IsWhole = false;
            Sort(steps, valid);
        }
    }

    /// <summary>Cuts the sequences into slices of neighbouring ranks.</summary>
    public void Cut(int slices)
    {
        Grow(ref _firstRanks, slices + 1);
        long columns = 0;
        _firstRanks[0] = 0;
        for (int rank = 0, slice = 0; slice < slices; rank++)
        {
            // The columns of the sequences up to this rank.
            columns += rank < Batch ? Length(rank) : 0;
            while (slice < slices && (rank + 1 >= Batch || columns * slices >= (long)Columns * (slice + 1)))
            {
                _firstRanks[++slice] = Math.Min(rank + 1, Batch);
            }
        }

        _firstRanks[slices] = Batch;
    }

    /// <summary>The valid steps of the sequence of a rank.</summary>
    private int Length(int rank)
    {
        if (IsWhole)
        {
            return Steps;
        }

        int low = 0;
        for (int high = Steps; low < high;)
        {
            int middle = (low + high) / 2;
            (low, high) = Count(middle) > rank ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private void Sort(int steps, ReadOnlySpan<bool> valid)
    {
        Grow(ref _starts, steps + 1);
        Grow(ref _order, Batch);
        Grow(ref _rank, Batch);
        Grow(ref _places, _size);
        Grow(ref _stands, _size);

        // _rank is the length at first; _starts[n] the sequences that have more than n valid steps.
        Array.Clear(_starts, 0, steps + 1);
        for (int b = 0; b < Batch; b++)
        {
            int length = 0, last = Zero, end = steps;
            while (end > 0 && !valid[((end - 1) * Batch) + b])
            {
                end--;
            }

            for (int t = 0; t < steps; t++)
            {
                int place = (t * Batch) + b;
                if (valid[place])
                {
                    _starts[length++]++;
                    last = place;
                }

                _stands[place] = t < end ? last : Zero;
            }

            HasGaps |= length < end;
            _rank[b] = length;
        }

        // Sorted by counting, the longest first and those of one length in their order: sequences of length n come after
        // all that are longer.
        Steps = 0;
        while (Steps < steps && _starts[Steps] > 0)
        {
            Steps++;
        }

        for (int length = Steps, rank = 0; length >= 0; length--)
        {
            for (int b = 0; b < Batch && (length == 0 || rank < _starts[length - 1]); b++)
            {
                if (_rank[b] == length)
                {
                    _order[rank++] = b;
                }
            }
        }

        for (int step = 0, start = 0; step <= Steps; step++)
        {
            int count = step < Steps ? _starts[step] : 0;
            _starts[step] = start;
            start += count;
        }

        for (int rank = 0; rank < Batch; rank++)
        {
            int b = _order[rank];
            for (int t = 0, step = 0; t < steps; t++)
            {
                int place = (t * Batch) + b;
                if (valid[place])
                {
                    _places[_starts[step++] + rank] = place;
                }
            }
        }
    }

    private static void Grow(ref int[] array, int length)
    {
        if (array.Length < length)
        {
            array = new int[length];
        }
    }
}
