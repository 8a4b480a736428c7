using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm.Layers;

/// <summary>One named matrix of a layer's state: the hidden state of an LSTM, say.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class StatePart<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _values;

    /// <summary>Makes a part of zeros.</summary>
    /// <param name="name">What it is called within the state.</param>
    /// <param name="features">Rows: the numbers of one sequence; at least 1.</param>
    /// <param name="batch">Columns: B, the sequences; at least 1.</param>
    /// <exception cref="ArgumentException">The name is null or blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or their product too large for an array.</exception>
    public StatePart(string name, int features, int batch)
    {
        Guard.ElementType<T>();
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _values = new T[Guard.Size(features, batch)];
        Name = name;
        Value = Matrix<T>.Build.Dense(features, batch, _values);
    }

    /// <summary>Makes another name for the same numbers: a part within the state of a whole network.</summary>
    internal StatePart(string name, StatePart<T> part) => (Name, Value, _values) = (name, part.Value, part._values);

    /// <summary>What the part is called within the state.</summary>
    public string Name { get; }

    /// <summary>The numbers, one column a sequence. Changes to the matrix's elements take effect at once.</summary>
    public Matrix<T> Value { get; }

    /// <summary>The numbers of <see cref="Value"/>, sequence by sequence.</summary>
    public Span<T> Values => _values;

    /// <summary>Says what the part is, not what is in it.</summary>
    /// <returns>For example <c>Hidden 32 × 7</c>.</returns>
    public override string ToString() => $"{Name} {Value.RowCount} × {Value.ColumnCount}";
}
