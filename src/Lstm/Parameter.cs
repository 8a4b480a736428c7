using System.Numerics;
using MathNet.Numerics.LinearAlgebra;

namespace Lstm;

/// <summary>
/// A trainable matrix and the accumulator of its gradient. A backward pass adds to <see cref="Gradient"/>, an
/// optimizer reads it and changes <see cref="Value"/>; nothing but <see cref="ZeroGradient"/> clears it.
/// </summary>
/// <remarks>
/// Inference keeps weights in the order that its arithmetic reads them, for as long as they do not change. Optimizers,
/// initializers, loaders and <see cref="CopyFrom"/> say when they change them. Whoever holds <see cref="Value"/> or
/// <see cref="Values"/> may write to them unseen, at any time: once a parameter has been asked for either, inference puts its
/// numbers in order anew at each call, which takes some time with few steps. <see cref="ReadOnlyValues"/> does not do that.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Parameter<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _values;
    private readonly T[] _gradients;
    private bool _isShared;
    private long _changes = 1;

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
        (Name, Rows, Columns, Decays) = (name, rows, columns, decays);
    }

    /// <summary>What the parameter is called within its layer.</summary>
    public string Name { get; }

    /// <summary>The rows of the matrix.</summary>
    public int Rows { get; }

    /// <summary>The columns of the matrix; 1 for a bias.</summary>
    public int Columns { get; }

    /// <summary>Whether weight decay (L2) applies to it. Biases are spared.</summary>
    public bool Decays { get; }

    /// <summary>
    /// The numbers that the layer computes with. Changes to the matrix's elements take effect at once. To look at them only, take
    /// <see cref="ReadOnlyValues"/>: asking for the matrix makes inference slower from then on, as said above.
    /// </summary>
    public Matrix<T> Value
    {
        get
        {
            _isShared = true;
            return field;
        }
    }

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

    /// <summary>
    /// The numbers of <see cref="Value"/> in column-major order: element (r, c) at c·rows + r. To look at them only, take
    /// <see cref="ReadOnlyValues"/>; to set them all, <see cref="CopyFrom"/>.
    /// </summary>
    public Span<T> Values
    {
        get
        {
            _isShared = true;
            return _values;
        }
    }

    /// <summary>
    /// The numbers of <see cref="Values"/>, for whoever only reads them; they follow each change. A copy as a matrix is
    /// <c>Matrix&lt;T&gt;.Build.Dense(Rows, Columns, ReadOnlyValues.ToArray())</c>.
    /// </summary>
    public ReadOnlySpan<T> ReadOnlyValues => _values;

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

    /// <summary>
    /// Grows with each change of the values, so that what was made of them is known to be still right; 0 if changes are not
    /// known.
    /// </summary>
    internal long Version => _isShared ? 0 : _changes;

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

    /// <summary>Sets all numbers of <see cref="Value"/>.</summary>
    /// <param name="source">The numbers, in column-major order; <see cref="Count"/> of them.</param>
    /// <exception cref="ArgumentException"><paramref name="source"/> has more numbers or fewer. Nothing has been changed.</exception>
    public void CopyFrom(ReadOnlySpan<T> source)
    {
        Guard.Shape(source.Length == Count, $"{Count} numbers", $"{source.Length}", nameof(source));
        source.CopyTo(ChangeValues());
    }

    /// <summary>Says what the parameter is, not what is in it.</summary>
    /// <returns>For example <c>InputWeights 128 × 27</c>.</returns>
    public override string ToString() => $"{Name} {Rows} × {Columns}";

    /// <summary>The version of some parameters together; 0 if that of one is not known.</summary>
    internal static long VersionOf(params ReadOnlySpan<Parameter<T>> parameters)
    {
        // As each only grows, so does the sum.
        long sum = 0;
        foreach (Parameter<T> parameter in parameters)
        {
            if (parameter.Version == 0)
            {
                return 0;
            }

            sum += parameter.Version;
        }

        return sum;
    }

    /// <summary>The values for whoever writes to them now, and asks anew before writing again.</summary>
    internal Span<T> ChangeValues()
    {
        _changes++;
        return _values;
    }

    /// <summary>Some numbers of the gradient, to be added to, while the others stay as they are: those of a token, say.</summary>
    internal Span<T> TouchGradients(int start, int length)
    {
        Touched.Add(start, length);
        return _gradients.AsSpan(start, length);
    }
}
