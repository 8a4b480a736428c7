namespace Lstm.Kernels;

/// <summary>The operands of an <see cref="OuterProduct{T, TVec, TSimd}"/>: one Y beside one X or two.</summary>
internal unsafe struct OuterOperands<T>
    where T : unmanaged
{
    /// <summary>The rows of Y, in the kernel's order, and of the gradients, in the users'.</summary>
    public GateOrder Rows;

    /// <summary>Y: a column for each step and sequence.</summary>
    public T* Left;

    /// <summary>From one column of Y to the next, where Y lies in columns of all rows; 0 where it lies in panels.</summary>
    public int LeftColumn;

    /// <summary>
    /// From one vector of a group to the next in a column of Y, where a column has the gates one after the other; 0 where
    /// it has the vectors of a group one after the other.
    /// </summary>
    public int LeftGate;

    /// <summary>The columns of Y, where it lies in panels, one a group of rows, each a column after the other.</summary>
    public int LeftColumns;

    /// <summary>From one column of a panel to the next.</summary>
    public int PanelStride;

    /// <summary>From one column of G₁ and G₂ to the next, where Y has some of their rows only; 0 where it has all.</summary>
    public int GradientColumn;

    /// <summary>X₁.</summary>
    public Columns<T> First;

    /// <summary>G₁, rows of Y × rows of X₁.</summary>
    public T* FirstGradient;

    /// <summary>X₂, or nothing.</summary>
    public Columns<T> Second;

    /// <summary>G₂, rows of Y × rows of X₂.</summary>
    public T* SecondGradient;

    /// <summary>g, rows of Y.</summary>
    public T* BiasGradient;
}
