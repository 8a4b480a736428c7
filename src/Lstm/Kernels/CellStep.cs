namespace Lstm.Kernels;

/// <summary>
/// One step of some sequences, which lie side by side in every array. Each column of h and c is padded to whole vectors;
/// the padding of c and of every gradient is zero.
/// </summary>
internal unsafe struct CellStep<T>
    where T : unmanaged
{
    /// <summary>The sequences.</summary>
    public int Count;

    /// <summary>The rank of the first sequence: its place in memory that one step needs and the next may overwrite.</summary>
    public int Rank;

    /// <summary>The number of the first column among those of all steps, for what training keeps.</summary>
    public long Column;

    /// <summary>z, the gates' sums, before the cell has run; what they have become afterwards.</summary>
    public T* Z;

    /// <summary>hₜ₋₁.</summary>
    public T* HiddenBefore;

    /// <summary>cₜ₋₁.</summary>
    public T* CellBefore;

    /// <summary>hₜ; may be hₜ₋₁ itself.</summary>
    public T* HiddenAfter;

    /// <summary>cₜ; may be cₜ₋₁ itself.</summary>
    public T* CellAfter;
}

/// <summary>The gradients of one step of some sequences.</summary>
internal unsafe struct CellGradients<T>
    where T : unmanaged
{
    /// <summary>∂L/∂hₜ in all; to become what of it goes to hₜ₋₁ past the gates.</summary>
    public T* Hidden;

    /// <summary>∂L/∂cₜ from the step after; to become ∂L/∂cₜ₋₁.</summary>
    public T* Cell;

    /// <summary>δz, to be overwritten; may be the gates.</summary>
    public T* Z;

    /// <summary>Whether what the cell keeps for the gradients of its own parameters is added to what is there.</summary>
    public bool Accumulate;
}
