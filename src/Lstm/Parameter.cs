using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm;

/// <summary>
/// A trainable matrix and the accumulator of its gradient. A backward pass adds to <see cref="Gradient"/>, an
/// optimizer reads it and changes <see cref="Value"/>; nothing but <see cref="ZeroGradient"/> clears it.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Parameter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _values;
    private readonly T[] _gradients;

    /// <summary>Makes a parameter of zeros.</summary>
    /// <param name="name">What it is called within its layer, for reports and files.</param>
    /// <param name="rows">Rows, at least 1.</param>
    /// <param name="columns">Columns, at least 1; a bias has one.</param>
    /// <param name="decays">Whether weight decay (L2) applies to it; false for biases.</param>
    /// <exception cref="ArgumentException">The name is null or blank.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A size is below 1, or their product too large for an array.</exception>
    public Parameter(string name, int rows, int columns, bool decays = true)
    {
        Guard.ElementType<T>();
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        int count = Guard.Size(rows, columns);
        _values = new T[count];
        _gradients = new T[count];
        Value = Matrix<T>.Build.Dense(rows, columns, _values);
        Gradient = Matrix<T>.Build.Dense(rows, columns, _gradients);
        Touched = new TouchedBlocks(count);
        (Name, Decays) = (name, decays);
    }

    /// <summary>What the parameter is called within its layer.</summary>
    public string Name { get; }

    /// <summary>Whether weight decay (L2) applies to it. Biases are spared.</summary>
    public bool Decays { get; }

    /// <summary>The numbers that the layer computes with. Changes to the matrix's elements take effect at once.</summary>
    public Matrix<T> Value { get; }

    /// <summary>The accumulated gradient, of the same shape as <see cref="Value"/>.</summary>
    public Matrix<T> Gradient
    {
        get
        {
            // Whoever has the matrix may write to it at any time.
            Touched.TrackNoMore();
            return field;
        }
    }

    /// <summary>The number of trainable numbers, rows × columns.</summary>
    public int Count => _values.Length;

    /// <summary>The numbers of <see cref="Value"/> in column-major order: element (r, c) at c·rows + r.</summary>
    public Span<T> Values => _values;

    /// <summary>
    /// The numbers of <see cref="Gradient"/> in column-major order. After <see cref="ZeroGradient"/>, ask for them anew before
    /// writing to them.
    /// </summary>
    public Span<T> Gradients
    {
        get
        {
            Touched.AddAll();
            return _gradients;
        }
    }

    /// <summary>Which numbers of the gradient may be other than zero.</summary>
    internal TouchedBlocks Touched { get; }

    /// <summary>The gradient for whoever writes nothing to it, or only where it has been written to before.</summary>
    internal Span<T> UnmarkedGradients => _gradients;

    /// <summary>Sets the accumulated gradient to zero.</summary>
    public void ZeroGradient()
    {
        foreach (Range touched in Touched.Within(0, Touched.Count))
        {
            _gradients.AsSpan(touched).Clear();
        }

        Touched.Clear();
    }

    /// <summary>Says what the parameter is, not what is in it.</summary>
    /// <returns>For example <c>InputWeights 128 × 27</c>.</returns>
    public override string ToString() => $"{Name} {Value.RowCount} × {Value.ColumnCount}";

    /// <summary>Some numbers of the gradient, to be added to, while the others stay as they are: those of a token, say.</summary>
    internal Span<T> TouchGradients(int start, int length)
    {
        Touched.Add(start, length);
        return _gradients.AsSpan(start, length);
    }
}
