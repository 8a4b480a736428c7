namespace Lstm.Kernels;

/// <summary>The operands of an <see cref="OuterProduct{T, TVec, TSimd}"/>: one Y beside one X or two.</summary>
internal unsafe struct OuterOperands<T>
    where T : unmanaged
{
    /// <summary>The rows of Y, in the kernel's order, and of the gradients, in the users'.</summary>
    public GateOrder Rows;

    /// <summary>Y: a column for each step and sequence.</summary>
    public T* Left;

    /// <summary>From one column of Y to the next.</summary>
    public int LeftColumn;

    /// <summary>Whether the columns of Y are padded to whole vectors, so that reads beyond the rows do no harm.</summary>
    public bool LeftPadded;

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
