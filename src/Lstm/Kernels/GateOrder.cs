namespace Lstm.Kernels;

/// <summary>
/// The order in which a kernel keeps the rows of a matrix that stacks gates. The arrays that users see have all units
/// of one gate together; a kernel has all gates of one vector of units together, so that a tile of a product holds
/// everything that the cells of these units need. The last units, fewer than a vector's lanes, are packed without gaps.
/// </summary>
internal readonly struct GateOrder
{
    /// <summary>Vectors of rows in a full group of a plain matrix, and the most in any.</summary>
    public const int MaxVectors = 4;

    private readonly int _shortGroups;

    /// <param name="gates">The gates; 1 for a plain matrix, whose order stays as it is.</param>
    /// <param name="units">H, the rows of each gate.</param>
    /// <param name="lanes">The elements of a vector.</param>
    public GateOrder(int gates, int units, int lanes)
    {
        Rows = gates * units;
        Lanes = lanes;
        Vectors = gates == 1 ? MaxVectors : gates;
        FullGroups = gates == 1 ? units / (lanes * Vectors) : units / lanes;
        SegmentStride = gates == 1 ? lanes : units;
        GroupStride = gates == 1 ? lanes * Vectors : lanes;
        TailSegments = gates;
        TailWidth = units - (FullGroups * GroupStride);

        // A group of one vector has too few sums to keep the processor busy: five vectors are cut into three and two.
        _shortGroups = gates == 1 && FullGroups > 0 && TailWidth > 0 && TailWidth <= lanes ? 1 : 0;
        FullGroups -= _shortGroups;
        TailWidth += _shortGroups * lanes;
        TailVectors = ((gates * TailWidth) + lanes - 1) / lanes;
    }

    /// <summary>Rows of the matrix.</summary>
    public int Rows { get; }

    /// <summary>Elements of a vector.</summary>
    public int Lanes { get; }

    /// <summary>Vectors of rows in a full group.</summary>
    public int Vectors { get; }

    /// <summary>Groups that have <see cref="Vectors"/> full vectors.</summary>
    public int FullGroups { get; }

    /// <summary>Groups without a vector that is partly filled: the full ones, and perhaps one of a vector less.</summary>
    public int WholeGroups => FullGroups + _shortGroups;

    /// <summary>From a group's first row in the users' order to the next group's.</summary>
    public int GroupStride { get; }

    /// <summary>From the rows of one vector of a full group to those of the next, in the users' order.</summary>
    public int SegmentStride { get; }

    /// <summary>Runs of neighbouring rows in the tail.</summary>
    public int TailSegments { get; }

    /// <summary>Rows of each run in the tail; 0 if there is no tail.</summary>
    public int TailWidth { get; }

    /// <summary>Vectors of rows in the tail; the last may be partly filled.</summary>
    public int TailVectors { get; }

    public int Groups => TailWidth == 0 ? WholeGroups : WholeGroups + 1;

    /// <summary>The depth of a matrix of these rows in the kernel's order, padded to whole vectors.</summary>
    public int PaddedRows => Lanes * ((FullGroups * Vectors) + (_shortGroups * (Vectors - 1)) + TailVectors);

    public int VectorsIn(int group) =>
        group < FullGroups ? Vectors : group < WholeGroups ? Vectors - 1 : TailVectors;

    /// <summary>Where a group starts in the kernel's order.</summary>
    public int Start(int group) => (group * Vectors * Lanes) - Missing(group);

    /// <summary>Where a group starts in the users' order.</summary>
    public int Natural(int group) => (group * GroupStride) - Missing(group);

    /// <summary>Runs of neighbouring rows in a group.</summary>
    public int SegmentsIn(int group) => group < WholeGroups ? VectorsIn(group) : TailSegments;

    /// <summary>Rows in each run of a group.</summary>
    public int WidthIn(int group) => group < WholeGroups ? Lanes : TailWidth;

    /// <summary>The rows by which the groups before fall short of full ones.</summary>
    private int Missing(int group) => group > FullGroups ? _shortGroups * Lanes : 0;

    /// <summary>Copies groups of a vector from the users' order to the kernel's, with zeros where it is padded.</summary>
    public unsafe void ToKernel<T>(T* source, T* target, int firstGroup, int endGroup)
        where T : unmanaged
    {
        for (int group = firstGroup; group < endGroup; group++)
        {
            int width = WidthIn(group);
            T* to = target + Start(group);
            for (int segment = 0; segment < SegmentsIn(group); segment++, to += width)
            {
                new ReadOnlySpan<T>(source + Natural(group) + ((long)segment * SegmentStride), width)
                    .CopyTo(new Span<T>(to, width));
            }

            new Span<T>(to, (int)(target + Start(group) + (VectorsIn(group) * Lanes) - to)).Clear();
        }
    }
}
