using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Layers;

/// <summary>The state of an LSTM layer: the hidden state hₜ and the cell state cₜ of every sequence in the batch.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LstmState<T> : LayerState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Makes a state of zeros.</summary>
    /// <param name="hiddenUnits">H, the hidden units of the layer; at least 1.</param>
    /// <param name="batch">B, the number of sequences; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or their product too large for an array.</exception>
    public LstmState(int hiddenUnits, int batch)
        : base(batch, CreateParts(hiddenUnits, hiddenUnits, batch))
    {
    }

    /// <summary>Makes a state of zeros for a layer whose output is a projection.</summary>
    /// <param name="outputs">P, the numbers of h; at least 1.</param>
    /// <param name="hiddenUnits">H, the numbers of c; at least 1.</param>
    /// <param name="batch">B, the number of sequences; at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or a product too large for an array.</exception>
    public LstmState(int outputs, int hiddenUnits, int batch)
        : base(batch, CreateParts(outputs, hiddenUnits, batch))
    {
    }

    /// <summary>Makes a state of given numbers.</summary>
    /// <param name="hidden">h, H × B, or P × B of a projection; one column a sequence. It is copied.</param>
    /// <param name="cell">c, H × B, one column a sequence. It is copied.</param>
    /// <exception cref="ArgumentNullException">A matrix is null.</exception>
    /// <exception cref="ArgumentException">The matrices differ in columns, or h has more rows than c.</exception>
    public LstmState(Matrix<T> hidden, Matrix<T> cell)
        : this(Checked(hidden, cell).RowCount, cell.RowCount, hidden.ColumnCount)
    {
        hidden.CopyTo(Hidden);
        cell.CopyTo(Cell);
    }

    /// <summary>hₜ, H × B, or P × B of a projection; one column a sequence.</summary>
    public Matrix<T> Hidden => Parts[0].Value;

    /// <summary>cₜ, H × B, one column a sequence.</summary>
    public Matrix<T> Cell => Parts[1].Value;

    /// <summary>Copies the state.</summary>
    /// <returns>A state of the same numbers that shares nothing with this one.</returns>
    public new LstmState<T> Clone() => (LstmState<T>)base.Clone();

    internal override LayerState<T> CreateSame(int batch) => new LstmState<T>(Hidden.RowCount, Cell.RowCount, batch);

    private static StatePart<T>[] CreateParts(int outputs, int hiddenUnits, int batch)
    {
        Guard.Size(hiddenUnits, batch);
        Guard.Size(outputs, batch);
        return [new(nameof(Hidden), outputs, batch), new(nameof(Cell), hiddenUnits, batch)];
    }

    private static Matrix<T> Checked(Matrix<T> hidden, Matrix<T> cell)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        ArgumentNullException.ThrowIfNull(cell);
        Guard.Shape(
            cell.RowCount >= hidden.RowCount && cell.ColumnCount == hidden.ColumnCount,
            $"{hidden.RowCount} × {hidden.ColumnCount} as the hidden state, or higher",
            $"{cell.RowCount} × {cell.ColumnCount}",
            nameof(cell));
        return hidden;
    }
}
