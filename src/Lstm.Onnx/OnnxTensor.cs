using System.Numerics;

namespace Lstm.Onnx;

/// <summary>
/// What goes into and comes out of an ONNX model: numbers, or integers, in any number of dimensions. The elements are stored
/// row by row: the last dimension is the innermost, as in NumPy and PyTorch. A tensor does not change.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>: what numbers are computed in.</typeparam>
public sealed class OnnxTensor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T[]? _values;
    private readonly long[]? _integers;

    /// <summary>Makes a tensor of numbers.</summary>
    /// <param name="shape">The sizes of the dimensions, none below 0. A single number has none.</param>
    /// <param name="values">The elements. They are not copied: leave them unchanged while the tensor is in use.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A size is negative, or there are more or fewer elements than the shape says.</exception>
    public OnnxTensor(IReadOnlyList<int> shape, T[] values)
        : this(Checked(shape, values), values, null)
    {
    }

    private OnnxTensor(int[] shape, T[]? values, long[]? integers) =>
        (Sizes, _values, _integers) = (shape, values, integers);

    /// <summary>The sizes of the dimensions.</summary>
    public IReadOnlyList<int> Shape => Sizes;

    /// <summary>Whether the elements are integers (or truth values: 0 and 1) and not numbers.</summary>
    public bool IsInteger => _integers is not null;

    /// <summary>The number of elements.</summary>
    public int Count => _values?.Length ?? _integers!.Length;

    /// <summary>The elements of a tensor of numbers.</summary>
    /// <exception cref="InvalidOperationException">The elements are integers.</exception>
    public ReadOnlySpan<T> Values => Numbers;

    /// <summary>The elements of a tensor of integers.</summary>
    /// <exception cref="InvalidOperationException">The elements are numbers.</exception>
    public ReadOnlySpan<long> Integers => Whole;

    /// <summary>Makes a tensor of integers: tokens, say, or the lengths of sequences.</summary>
    /// <param name="shape">The sizes of the dimensions, none below 0.</param>
    /// <param name="integers">The elements. They are not copied: leave them unchanged while the tensor is in use.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">A size is negative, or there are more or fewer elements than the shape says.</exception>
    public static OnnxTensor<T> FromIntegers(IReadOnlyList<int> shape, long[] integers) =>
        new(Checked(shape, integers), null, integers);

    /// <summary>Makes a tensor of T × B × F of a batch of sequences.</summary>
    /// <param name="sequence">The batch. Its numbers are copied.</param>
    /// <returns>The tensor.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="sequence"/> is null.</exception>
    public static OnnxTensor<T> FromSequence(Sequence<T> sequence)
    {
        ArgumentNullException.ThrowIfNull(sequence);
        return new([sequence.Steps, sequence.Batch, sequence.Features], sequence.Values.ToArray(), null);
    }

    /// <summary>Makes a batch of sequences of a tensor of T × B × F.</summary>
    /// <returns>The batch, over an array of its own.</returns>
    /// <exception cref="InvalidOperationException">The tensor has other than three dimensions, an empty one, or integers.</exception>
    public Sequence<T> ToSequence() => Sizes.Length == 3 && Count > 0
        ? new Sequence<T>(Sizes[0], Sizes[1], Sizes[2], Values.ToArray())
        : throw new InvalidOperationException($"{this} is not of steps × sequences × features.");

    /// <summary>Says what the tensor is, not what is in it.</summary>
    /// <returns>For example <c>OnnxTensor&lt;Single&gt; [5, 2, 3]</c>.</returns>
    public override string ToString() =>
        $"OnnxTensor<{(IsInteger ? nameof(Int64) : typeof(T).Name)}> {OnnxShape.Text(Sizes)}";

    /// <summary>The array of a tensor of numbers.</summary>
    internal T[] Numbers => _values ?? throw new InvalidOperationException($"{this} has integers, not numbers.");

    /// <summary>The array of a tensor of integers.</summary>
    internal long[] Whole => _integers ?? throw new InvalidOperationException($"{this} has numbers, not integers.");

    /// <summary>The sizes as an array.</summary>
    internal int[] Sizes { get; }

    /// <summary>A state at the start: zeros for each sequence; null if these are more than there may be.</summary>
    internal static OnnxTensor<T>? Start(OnnxValue state, int batch, long maxElements)
    {
        int[] shape = [.. state.Shape?.Select(dimension => dimension.Size ?? batch) ?? []];
        return OnnxShape.Count(shape) is not int count || count > maxElements ? null
            : state.IsInteger ? FromIntegers(shape, new long[count])
            : new OnnxTensor<T>(shape, new T[count]);
    }

    /// <summary>The same elements in another shape of as many.</summary>
    internal OnnxTensor<T> WithShape(int[] shape) => new(shape, _values, _integers);

    private static int[] Checked<TElement>(IReadOnlyList<int> shape, TElement[] elements)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(elements);
        int[] sizes = [.. shape];
        if (sizes.Any(size => size < 0) || OnnxShape.Count(sizes) != elements.Length)
        {
            throw new ArgumentException(
                $"{nameof(shape)} must have sizes whose product is the {elements.Length} elements, but is {OnnxShape.Text(sizes)}.",
                nameof(shape));
        }

        return sizes;
    }
}
