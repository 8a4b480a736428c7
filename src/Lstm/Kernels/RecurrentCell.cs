using System.Numerics;

namespace Lstm.Kernels;

/// <summary>
/// What a kind of recurrent layer does between the products: from z to the new state, and back. The engine computes
/// <c>z = W x + U h + b</c> and calls the cell for some sequences of one step at a time, on several threads at once for
/// different sequences.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TPass">The arrays of the cell's own parameters, and its settings.</typeparam>
/// <typeparam name="TVec">A vector.</typeparam>
/// <typeparam name="TSimd">The arithmetic of vectors.</typeparam>
internal abstract unsafe class RecurrentCell<T, TPass, TVec, TSimd>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPass : unmanaged
    where TVec : struct
    where TSimd : struct, ISimd<T, TVec>
{
    /// <summary>The gates in the rows of W and U.</summary>
    public abstract int Gates { get; }

    /// <summary>The blocks of z.</summary>
    public virtual int Blocks => Gates;

    /// <summary>Whether there is a state c beside h.</summary>
    public virtual bool HasCell => false;

    /// <summary>The bias that z starts with, for which the engine computes the gradient; null if there is none.</summary>
    public abstract T* Bias { get; }

    /// <summary>Its gradient, or null.</summary>
    public abstract T* BiasGradient { get; }

    /// <summary>The parts of z that have operands of their own.</summary>
    public abstract ReadOnlySpan<RecurrentPart> Parts { get; }

    /// <summary>Takes the settings, from which the properties above follow. <see cref="Prepare"/> comes next.</summary>
    public abstract void Configure(in RecurrentPass<T> pass, in TPass settings);

    /// <summary>Makes room for a forward pass.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="memory">What the engine keeps.</param>
    /// <param name="packed">The cell's own weights, packed before the first step; null to read them where they lie.</param>
    /// <param name="threads">The threads.</param>
    public abstract void Prepare(
        in RecurrentPass<T> pass, RecurrentMemory<T> memory, PackedMatrix<T, TVec, TSimd>? packed, int threads);

    /// <summary>Makes room for the cell's own weights, if it has any.</summary>
    public virtual void PrepareWeights(PackedMatrix<T, TVec, TSimd> packed)
    {
    }

    /// <summary>Packs a thread's share of the cell's own weights.</summary>
    public virtual void Pack(PackedMatrix<T, TVec, TSimd> packed, TeamJob job, int thread)
    {
    }

    /// <summary>Makes room for a backward pass.</summary>
    public abstract void PrepareBackward(int threads);

    /// <summary>Packs a thread's share of the cell's own weights for a backward pass.</summary>
    public virtual void PackBackward(TeamJob job, int thread)
    {
    }

    /// <summary>From z to the new state.</summary>
    public abstract void Forward(in CellStep<T> step, int thread);

    /// <summary>From the gradients of the new state to δz and those of the state before, but for what comes through U.</summary>
    public abstract void Backward(in CellStep<T> step, in CellGradients<T> gradients, int thread);

    /// <summary>A thread's share of the gradients of the cell's own parameters, after all steps. All threads call it.</summary>
    /// <param name="job">The job whose threads they are.</param>
    /// <param name="thread">The thread.</param>
    /// <param name="dz">δz of all columns.</param>
    public virtual void Gradients(TeamJob job, int thread, T* dz)
    {
    }
}
