using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Layers;

/// <summary>The state of a recurrent layer that has no cell state: the hidden state hₜ of every sequence in the batch.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class HiddenState<T> : LayerState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes a state of zeros.</summary>
    /// <param name="hiddenUnits">H, the hidden units of the layer; at least 1.</param>
    /// <param name="batch">B, the number of sequences; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or their product too large for an array.</exception>
    public HiddenState(int hiddenUnits, int batch)
        : base(batch, new StatePart<T>(nameof(Hidden), hiddenUnits, batch))
    {
    }

    /// <summary>Makes a state of given numbers.</summary>
    /// <param name="hidden">h, H × B, one column a sequence. It is copied.</param>
    /// <exception cref="ArgumentNullException">The matrix is null.</exception>
    public HiddenState(Matrix<T> hidden)
        : this(Guard.NotNull(hidden).RowCount, hidden.ColumnCount) => hidden.CopyTo(Hidden);

    /// <summary>hₜ, H × B, one column a sequence.</summary>
    public Matrix<T> Hidden => Parts[0].Value;

    /// <summary>Copies the state.</summary>
    /// <returns>A state of the same numbers that shares nothing with this one.</returns>
    public new HiddenState<T> Clone() => (HiddenState<T>)base.Clone();

    internal override LayerState<T> CreateSame(int batch) => new HiddenState<T>(Hidden.RowCount, batch);
}
