namespace Lstm.Kernels;

/// <summary>
/// The arrays of one pass over a whole batch of sequences. All are column-major with the units (or inputs) innermost, so
/// that the column of step t and sequence b is number t·B + b. A gates' column is 4H long: i, f, g, o.
/// </summary>
internal unsafe struct LstmPass<T>
    where T : unmanaged
{
    public int Steps;
    public int Batch;
    public int Inputs;
    public int HiddenUnits;

    /// <summary>W, 4H × I.</summary>
    public T* InputWeights;

    /// <summary>U, 4H × H.</summary>
    public T* RecurrentWeights;

    /// <summary>b, 4H.</summary>
    public T* Bias;

    /// <summary>x, I × (T·B).</summary>
    public T* Input;

    /// <summary>h, H × (T·B).</summary>
    public T* Output;

    /// <summary>h₀, H × B.</summary>
    public T* InitialHidden;

    /// <summary>c₀, H × B.</summary>
    public T* InitialCell;

    /// <summary>h_T, H × B.</summary>
    public T* FinalHidden;

    /// <summary>c_T, H × B.</summary>
    public T* FinalCell;

    /// <summary>The gates after their activations, 4H × (T·B); backward replaces them by δz. Null in inference.</summary>
    public T* Gates;

    /// <summary>c, H × (T·B). Null in inference.</summary>
    public T* Cells;

    /// <summary>tanh c, H × (T·B). Null in inference.</summary>
    public T* CellTanh;
}
