namespace Lstm.Kernels;

/// <summary>
/// The users' arrays in one pass over a batch of sequences. All are column-major with the units (or inputs) innermost,
/// so that the column of step t and sequence b is number t·B + b.
/// </summary>
internal unsafe struct LstmPass<T>
    where T : unmanaged
{
    public int Steps;
    public int Batch;
    public int Inputs;
    public int HiddenUnits;

    /// <summary>Steps × sequences.</summary>
    public readonly long Columns => (long)Steps * Batch;

    /// <summary>W, 4H × I.</summary>
    public T* InputWeights;

    /// <summary>U, 4H × H.</summary>
    public T* RecurrentWeights;

    /// <summary>
    /// Grows when W and U change, so that inference need not pack them again while it is the same; 0 if they may have changed.
    /// </summary>
    public long WeightsVersion;

    /// <summary>b, 4H.</summary>
    public T* Bias;

    /// <summary>x, I × (T·B).</summary>
    public T* Input;

    /// <summary>h, H × (T·B).</summary>
    public T* Output;

    /// <summary>h₀, H × B, or null for zeros.</summary>
    public T* InitialHidden;

    /// <summary>c₀, H × B, or null for zeros.</summary>
    public T* InitialCell;

    /// <summary>h_T, H × B; may be h₀ itself.</summary>
    public T* FinalHidden;

    /// <summary>c_T, H × B; may be c₀ itself.</summary>
    public T* FinalCell;
}
