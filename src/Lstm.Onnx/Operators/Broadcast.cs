using System.Numerics;

namespace Lstm.Onnx.Operators;

/// <summary>Brings tensors of different shapes together as NumPy does: dimensions are matched from the last, and one of 1 is repeated.</summary>
internal static class Broadcast
{
    /// <summary>The shape that two shapes have together.</summary>
    public static int[] Shape<T>(this Arguments<T> inputs, ReadOnlySpan<int> first, ReadOnlySpan<int> second)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int[] shape = new int[Math.Max(first.Length, second.Length)];
        for (int n = 1; n <= shape.Length; n++)
        {
            int one = n <= first.Length ? first[^n] : 1;
            int other = n <= second.Length ? second[^n] : 1;
            shape[^n] = one == other || other == 1 ? one : one == 1 ? other : throw inputs.Refuse(
                $"{OnnxShape.Text(first)} and {OnnxShape.Text(second)} do not go together");
        }

        return shape;
    }

    /// <summary>The strides of a shape's elements within a larger one: 0 where they are repeated.</summary>
    public static int[] Strides(ReadOnlySpan<int> shape, int rank)
    {
        int[] strides = new int[rank];
        int[] own = OnnxShape.Strides(shape);
        for (int n = 1; n <= shape.Length; n++)
        {
            strides[^n] = shape[^n] == 1 ? 0 : own[^n];
        }

        return strides;
    }

    /// <summary>Computes an operation of two tensors of the same kind, element by element.</summary>
    public static TResult[] Apply<T, TElement, TResult>(
        Arguments<T> inputs,
        int[] shape,
        (TElement[] Elements, int[] Shape) first,
        (TElement[] Elements, int[] Shape) second,
        Func<TElement, TElement, TResult> operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TResult[] result = inputs.Allocate<TResult>(shape);
        if (result.Length == 0)
        {
            return result;
        }

        int[] one = Strides(first.Shape, shape.Length);
        int[] other = Strides(second.Shape, shape.Length);
        (int length, int step, int otherStep) = shape.Length == 0 ? (1, 0, 0) : (shape[^1], one[^1], other[^1]);
        var rows = new Rows(shape, one, other);
        int to = 0;
        do
        {
            for (int n = 0; n < length; n++)
            {
                result[to++] = operation(
                    first.Elements[rows.First + (n * step)], second.Elements[rows.Second + (n * otherStep)]);
            }
        }
        while (rows.Next());
        return result;
    }
}
