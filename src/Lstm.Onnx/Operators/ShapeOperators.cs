using System.Numerics;
using Lstm.Onnx.Protobuf;

namespace Lstm.Onnx.Operators;

/// <summary>Operators that change or give shapes.</summary>
internal static class ShapeOperators<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>From this version on, axes are an input and not an attribute.</summary>
    private const int AxesAreInput = 13;

    public static void AddTo(OperatorTable<T> table)
    {
        table.Add("Transpose", Transpose);
        table.Add("Squeeze", node => WithAxes(node, Squeeze));
        table.Add("Unsqueeze", node => WithAxes(node, Unsqueeze));
        table.Add("Reshape", Reshape);
        table.Add("Flatten", Flatten);
        table.Add("Shape", Shape);
        table.Add("Size", _ => inputs => [OnnxTensor<T>.FromIntegers([], [inputs[0].Count])]);
        table.Add("Expand", _ => inputs => [Expand(inputs)]);
        table.Add("ConstantOfShape", ConstantOfShape);
        table.Add("Constant", Constant);
    }

    /// <summary>The sizes in an input of integers.</summary>
    public static int[] Sizes(Arguments<T> inputs, int n)
    {
        long[] sizes = inputs.Integers(n);
        return sizes.Length <= OnnxLimits.MaxRank && sizes.All(size => size is >= 0 and <= int.MaxValue)
            ? Array.ConvertAll(sizes, size => (int)size)
            : throw inputs.Refuse($"its input {n} is no shape");
    }

    private static Kernel<T> Transpose(NodeReader node)
    {
        long[]? order = node.Integers("perm")?.ToArray();
        return inputs =>
        {
            int[] sizes = inputs[0].Sizes;
            long[] axes = order ?? [.. Enumerable.Range(0, sizes.Length).Reverse().Select(axis => (long)axis)];
            if (axes.Length != sizes.Length || inputs.Axes(axes, sizes.Length).Length != sizes.Length)
            {
                throw inputs.Refuse($"its perm is of {axes.Length} dimensions, its input of {sizes.Length}");
            }

            int[] strides = OnnxShape.Strides(sizes);
            int[] chosen = [.. axes.Select(axis => inputs.Axis(axis, sizes.Length))];
            return [inputs.Strided(
                inputs[0], [.. chosen.Select(axis => sizes[axis])], 0, [.. chosen.Select(axis => strides[axis])])];
        };
    }

    private static Kernel<T> WithAxes(NodeReader node, Func<Arguments<T>, long[]?, int[]> shape)
    {
        long[]? attribute = node.Opset < AxesAreInput ? node.Integers("axes")?.ToArray() : null;
        return inputs =>
        {
            long[]? axes = attribute ?? (inputs.Optional(1) is null ? null : inputs.Integers(1));
            return [inputs[0].WithShape(shape(inputs, axes))];
        };
    }

    private static int[] Squeeze(Arguments<T> inputs, long[]? axes)
    {
        int[] sizes = inputs[0].Sizes;
        int[] chosen = axes is null
            ? [.. Enumerable.Range(0, sizes.Length).Where(axis => sizes[axis] == 1)]
            : inputs.Axes(axes, sizes.Length);
        return chosen.All(axis => sizes[axis] == 1)
            ? [.. sizes.Where((_, axis) => !chosen.Contains(axis))]
            : throw inputs.Refuse("a dimension that it leaves out is not 1");
    }

    private static int[] Unsqueeze(Arguments<T> inputs, long[]? axes)
    {
        if (axes is null || axes.Length > OnnxLimits.MaxRank)
        {
            throw inputs.Refuse("it does not say which axes to add");
        }

        int[] sizes = inputs[0].Sizes;
        int rank = sizes.Length + axes.Length;
        int[] chosen = inputs.Axes(axes, rank);
        int from = 0;
        return [.. Enumerable.Range(0, rank).Select(axis => chosen.Contains(axis) ? 1 : sizes[from++])];
    }

    /// <summary>0 stands for the size that was there (unless allowzero is on), −1 for what is left.</summary>
    private static Kernel<T> Reshape(NodeReader node)
    {
        bool allowZero = node.Flag("allowzero");
        return inputs =>
        {
            (int[] old, long[] wanted) = (inputs[0].Sizes, inputs.Integers(1));
            if (wanted.Length > OnnxLimits.MaxRank)
            {
                throw inputs.Refuse($"{wanted.Length} dimensions are too many");
            }

            long[] sizes = [.. wanted.Select((size, n) => size == 0 && !allowZero && n < old.Length ? old[n] : size)];
            int open = Array.IndexOf(sizes, -1L);
            if (open >= 0)
            {
                sizes[open] = 1;
                int known = Count(inputs, sizes, wanted);
                sizes[open] = known == 0 ? 0 : inputs[0].Count / known;
            }

            return Count(inputs, sizes, wanted) == inputs[0].Count
                ? [inputs[0].WithShape(Array.ConvertAll(sizes, size => (int)size))]
                : throw Refuse(inputs, wanted);
        };

        static int Count(Arguments<T> inputs, long[] sizes, long[] wanted) =>
            sizes.All(size => size is >= 0 and <= int.MaxValue)
            && OnnxShape.Count(Array.ConvertAll(sizes, size => (int)size)) is int count
                ? count
                : throw Refuse(inputs, wanted);

        static OnnxException Refuse(Arguments<T> inputs, long[] wanted) =>
            inputs.Refuse($"its input does not go into [{string.Join(", ", wanted)}]");
    }

    private static Kernel<T> Flatten(NodeReader node)
    {
        long axis = node.Integer("axis", 1);
        return inputs =>
        {
            int[] sizes = inputs[0].Sizes;
            int split = axis == sizes.Length ? sizes.Length : inputs.Axis(axis, Math.Max(sizes.Length, 1));
            int rows = OnnxShape.Count(sizes.AsSpan(0, split)) ?? throw inputs.Refuse("its input is too large");
            int columns = OnnxShape.Count(sizes.AsSpan(split)) ?? throw inputs.Refuse("its input is too large");
            return [inputs[0].WithShape([rows, columns])];
        };
    }

    private static Kernel<T> Shape(NodeReader node)
    {
        long start = node.Integer("start", 0);
        long end = node.Integer("end", long.MaxValue);
        return inputs =>
        {
            int[] sizes = inputs[0].Sizes;
            int from = Clamp(start, sizes.Length);
            long[] shape = [.. sizes.Skip(from).Take(Math.Max(Clamp(end, sizes.Length) - from, 0)).Select(size => (long)size)];
            return [OnnxTensor<T>.FromIntegers([shape.Length], shape)];
        };

        static int Clamp(long axis, int rank) => (int)Math.Clamp(axis < 0 ? axis + rank : axis, 0, rank);
    }

    private static OnnxTensor<T> Expand(Arguments<T> inputs)
    {
        int[] shape = inputs.Shape(inputs[0].Sizes, Sizes(inputs, 1));
        return inputs.Strided(inputs[0], shape, 0, Broadcast.Strides(inputs[0].Sizes, shape.Length));
    }

    private static Kernel<T> ConstantOfShape(NodeReader node)
    {
        TensorData? data = node.Tensor("value");
        if (data is not null && OnnxShape.Count(data.Shape) != 1)
        {
            throw node.Refuse($"its value is of {OnnxShape.Text(data.Shape)}, not a single element");
        }

        OnnxTensor<T> value = data?.Convert<T>() ?? new OnnxTensor<T>([1], [T.Zero]);
        return inputs =>
        {
            int[] shape = Sizes(inputs, 0);
            return [inputs.Strided(value, shape, 0, new int[shape.Length])];
        };
    }

    private static Kernel<T> Constant(NodeReader node)
    {
        if (node.Tensor("value") is { } data)
        {
            // Converted when the model first runs: until then, a file takes no more than its bytes.
            return _ => [data.Convert<T>()];
        }

        OnnxTensor<T>? value = node.Node.Attributes is not [{ Name: string name }] ? null : name switch
        {
            "value_float" => new OnnxTensor<T>([], [T.CreateTruncating(node.Number(name, 0))]),
            "value_int" => OnnxTensor<T>.FromIntegers([], [node.Integer(name, 0)]),
            "value_floats" when node.Numbers(name) is { } numbers =>
                new OnnxTensor<T>([numbers.Count], [.. numbers.Select(T.CreateTruncating)]),
            "value_ints" when node.Integers(name) is { } integers =>
                OnnxTensor<T>.FromIntegers([integers.Count], [.. integers]),
            _ => null,
        };
        return value is null ? throw node.Refuse("it has no value of numbers") : _ => [value];
    }
}
