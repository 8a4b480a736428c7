using System.Numerics;

namespace Lstm.Onnx.Operators;

/// <summary>Moves elements about, whether numbers or integers.</summary>
internal static class Moves
{
    /// <summary>
    /// A tensor of a given shape whose element at an index is the source's at <c>start + Σ index · stride</c>: a transpose, a
    /// part, every second row, a repetition.
    /// </summary>
    public static OnnxTensor<T> Strided<T>(
        this Arguments<T> inputs, OnnxTensor<T> source, int[] shape, int start, int[] strides)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        return source.IsInteger
            ? OnnxTensor<T>.FromIntegers(shape, Strided(source.Whole, inputs.Allocate<long>(shape), shape, start, strides))
            : new OnnxTensor<T>(shape, Strided(source.Numbers, inputs.Allocate<T>(shape), shape, start, strides));
    }

    /// <summary>A tensor that is put together of runs of elements of others.</summary>
    /// <param name="inputs">The node's inputs.</param>
    /// <param name="like">Integers are made if this one has integers.</param>
    /// <param name="shape">The shape of the tensor.</param>
    /// <param name="runs">From which tensor, from where, and how many elements; one after the other.</param>
    public static OnnxTensor<T> Joined<T>(
        this Arguments<T> inputs,
        OnnxTensor<T> like,
        int[] shape,
        IEnumerable<(OnnxTensor<T> Source, int Start, int Length)> runs)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long[]? integers = like.IsInteger ? inputs.Allocate<long>(shape) : null;
        T[]? numbers = like.IsInteger ? null : inputs.Allocate<T>(shape);
        int to = 0;
        foreach ((OnnxTensor<T> source, int start, int length) in runs)
        {
            if (source.IsInteger != like.IsInteger)
            {
                throw inputs.Refuse("it mixes integers and numbers");
            }

            Array.Copy(like.IsInteger ? source.Whole : source.Numbers, start, (Array?)integers ?? numbers!, to, length);
            to += length;
        }

        return integers is null ? new OnnxTensor<T>(shape, numbers!) : OnnxTensor<T>.FromIntegers(shape, integers);
    }

    private static TElement[] Strided<TElement>(
        TElement[] source, TElement[] target, ReadOnlySpan<int> shape, int start, ReadOnlySpan<int> strides)
    {
        if (target.Length == 0)
        {
            return target;
        }

        int length = shape.IsEmpty ? 1 : shape[^1];
        int stride = shape.IsEmpty ? 0 : strides[^1];
        var rows = new Rows(shape, strides, strides);
        int to = 0;
        do
        {
            int from = start + rows.First;
            if (stride == 1)
            {
                source.AsSpan(from, length).CopyTo(target.AsSpan(to));
                to += length;
                continue;
            }

            for (int n = 0; n < length; n++)
            {
                target[to++] = source[from + (n * stride)];
            }
        }
        while (rows.Next());
        return target;
    }
}
