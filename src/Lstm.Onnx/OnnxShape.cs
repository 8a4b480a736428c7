namespace Lstm.Onnx;

/// <summary>The sizes of a tensor's dimensions, the last the innermost.</summary>
internal static class OnnxShape
{
    /// <summary>The number of elements; 1 without dimensions; null if it is more than an array can hold.</summary>
    public static int? Count(ReadOnlySpan<int> shape)
    {
        long count = 1;
        bool large = false;
        foreach (int size in shape)
        {
            if (size == 0)
            {
                return 0;
            }

            large |= count > Array.MaxLength / size;
            count *= large ? 1 : size;
        }

        return large ? null : (int)count;
    }

    /// <summary>How far the elements of each dimension are from one another.</summary>
    public static int[] Strides(ReadOnlySpan<int> shape)
    {
        int[] strides = new int[shape.Length];
        int stride = 1;
        for (int n = shape.Length - 1; n >= 0; n--)
        {
            strides[n] = stride;
            stride *= shape[n];
        }

        return strides;
    }

    /// <summary>For example <c>[5, 2, 3]</c>.</summary>
    public static string Text(ReadOnlySpan<int> shape) => $"[{string.Join(", ", shape.ToArray())}]";
}
