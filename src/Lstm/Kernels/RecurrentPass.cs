namespace Lstm.Kernels;

/// <summary>
/// The users' arrays in one pass of a recurrent layer over a batch of sequences. All are column-major with the units (or
/// inputs) innermost, so that the column of step t and sequence b is number t·B + b.
/// </summary>
internal unsafe struct RecurrentPass<T>
    where T : unmanaged
{
    public int Steps;
    public int Batch;
    public int Inputs;

    /// <summary>H, the units of each gate.</summary>
    public int Units;

    /// <summary>R, the numbers of h: H, or fewer where h is a projection.</summary>
    public int Outputs;

    /// <summary>W, the gates' rows × I.</summary>
    public T* InputWeights;

    /// <summary>U, the gates' rows × R.</summary>
    public T* RecurrentWeights;

    /// <summary>
    /// Grows when the matrices change, so that inference need not pack them again while it is the same; 0 if they may have changed.
    /// </summary>
    public long WeightsVersion;

    /// <summary>x, I × (T·B).</summary>
    public T* Input;

    /// <summary>h, R × (T·B).</summary>
    public T* Output;

    /// <summary>h₀, R × B.</summary>
    public T* InitialHidden;

    /// <summary>c₀, H × B; null if the cells have no state of their own.</summary>
    public T* InitialCell;

    /// <summary>Whether the initial state is one column for all sequences.</summary>
    public bool SharedInitial;

    /// <summary>h after the last valid step, R × B; may be h₀ itself.</summary>
    public T* FinalHidden;

    /// <summary>c after the last valid step, H × B; may be c₀ itself.</summary>
    public T* FinalCell;

    /// <summary>The probability that training drops an input of a sequence, throughout it.</summary>
    public double InputDropout;

    /// <summary>The probability that training drops a number of h on its way into U, throughout a sequence.</summary>
    public double RecurrentDropout;

    /// <summary>Whether each gate has a dropout of its own.</summary>
    public bool DropoutPerGate;

    /// <summary>From which all random masks follow.</summary>
    public ulong MaskSeed;

    /// <summary>k: how many steps the error of a step reaches, itself among them; 0 for all.</summary>
    public int LookBack;
}

/// <summary>What comes into a backward pass from above, and where its results go. See <see cref="RecurrentPass{T}"/>.</summary>
internal unsafe struct RecurrentGradients<T>
    where T : unmanaged
{
    /// <summary>∂L/∂h of every step, R × (T·B).</summary>
    public T* Output;

    /// <summary>∂L/∂h of the final state, R × B, or null for zeros.</summary>
    public T* FinalHidden;

    /// <summary>∂L/∂c of the final state, H × B, or null for zeros.</summary>
    public T* FinalCell;

    /// <summary>∂L/∂x, I × (T·B), overwritten.</summary>
    public T* Input;

    /// <summary>∂L/∂h₀, R × B, overwritten.</summary>
    public T* InitialHidden;

    /// <summary>∂L/∂c₀, H × B, overwritten.</summary>
    public T* InitialCell;

    /// <summary>∂L/∂W, added to.</summary>
    public T* InputWeights;

    /// <summary>∂L/∂U, added to.</summary>
    public T* RecurrentWeights;
}

/// <summary>Neighbouring blocks of z that have the same operands, x and h with a mask of their own, say.</summary>
/// <param name="FirstBlock">The first block of z.</param>
/// <param name="Blocks">The number of blocks.</param>
/// <param name="InputGate">The first gate of W's rows that goes into them; negative if none does.</param>
/// <param name="RecurrentGate">The first gate of U's rows that goes into them; negative if none does.</param>
/// <param name="BiasGate">The first gate of the bias's rows that goes into them; negative if none does.</param>
internal readonly record struct RecurrentPart(int FirstBlock, int Blocks, int InputGate, int RecurrentGate, int BiasGate);
