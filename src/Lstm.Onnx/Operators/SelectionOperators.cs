using System.Numerics;

namespace Lstm.Onnx.Operators;

/// <summary>Operators that take tensors apart and put them together.</summary>
internal static class SelectionOperators<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>From this version on, where a slice begins and ends are inputs and not attributes.</summary>
    private const int BoundsAreInput = 10;

    /// <summary>From this version on, the sizes of a split are an input and not an attribute.</summary>
    private const int SizesAreInput = 13;

    public static void AddTo(OperatorTable<T> table)
    {
        table.Add("Gather", Gather);
        table.Add("Concat", Concat);
        table.Add("Slice", Slice);
        table.Add("Split", Split);
        table.Add("OneHot", OneHot);
        table.Add("ReverseSequence", ReverseSequence);
        table.Add("Range", _ => inputs => [Range(inputs)]);
    }

    /// <summary>The parts of the first input along an axis that the second one names.</summary>
    private static Kernel<T> Gather(NodeReader node)
    {
        long at = node.Integer("axis", 0);
        return inputs =>
        {
            (OnnxTensor<T> source, long[] indices) = (inputs[0], inputs.Integers(1));
            int[] sizes = source.Sizes;
            int axis = inputs.Axis(at, sizes.Length);
            (int outer, int inner) = Around(sizes, axis);
            int[] shape = [.. sizes[..axis], .. inputs[1].Sizes, .. sizes[(axis + 1)..]];
            foreach (long index in indices)
            {
                if (index < -sizes[axis] || index >= sizes[axis])
                {
                    throw inputs.Refuse($"its index {index} is none of {sizes[axis]}");
                }
            }

            return [inputs.Joined(
                source,
                shape,
                from n in Enumerable.Range(0, outer)
                from index in indices
                let place = (int)(index < 0 ? index + sizes[axis] : index)
                select (source, ((n * sizes[axis]) + place) * inner, inner))];
        };
    }

    private static Kernel<T> Concat(NodeReader node)
    {
        long at = node.Integer("axis", 1);
        return inputs =>
        {
            int[] shape = [.. inputs[0].Sizes];
            int axis = inputs.Axis(at, shape.Length);
            OnnxTensor<T>[] parts = [.. Enumerable.Range(0, inputs.Count).Select(n => inputs[n])];
            long length = 0;
            foreach (OnnxTensor<T> part in parts)
            {
                int[] sizes = part.Sizes;
                if (sizes.Length != shape.Length || sizes.Where((size, n) => n != axis && size != shape[n]).Any())
                {
                    throw inputs.Refuse("its inputs do not fit beside each other");
                }

                length += sizes[axis];
            }

            (int outer, int inner) = Around(shape, axis);
            shape[axis] = length <= int.MaxValue ? (int)length : throw inputs.Refuse("its output is too large");
            return [inputs.Joined(
                parts[0],
                shape,
                from n in Enumerable.Range(0, outer)
                from part in parts
                let run = part.Sizes[axis] * inner
                select (part, n * run, run))];
        };
    }

    private static Kernel<T> Slice(NodeReader node)
    {
        bool attributes = node.Opset < BoundsAreInput;
        IReadOnlyList<long>? starts = attributes ? node.Integers("starts") : null;
        IReadOnlyList<long>? ends = attributes ? node.Integers("ends") : null;
        IReadOnlyList<long>? axes = attributes ? node.Integers("axes") : null;
        return inputs =>
        {
            long[] from = starts?.ToArray() ?? inputs.Integers(1);
            long[] to = ends?.ToArray() ?? inputs.Integers(2);
            long[] steps = attributes || inputs.Optional(4) is null ? [.. from.Select(_ => 1L)] : inputs.Integers(4);
            int[] shape = [.. inputs[0].Sizes];
            long[] named = axes?.ToArray()
                ?? (attributes || inputs.Optional(3) is null ? [.. from.Select((_, n) => (long)n)] : inputs.Integers(3));
            if (to.Length != from.Length || steps.Length != from.Length || named.Length != from.Length)
            {
                throw inputs.Refuse("its starts, ends, axes and steps are not as many");
            }

            // No axis twice.
            inputs.Axes(named, shape.Length);
            int[] strides = OnnxShape.Strides(shape);
            int start = 0;
            for (int n = 0; n < from.Length; n++)
            {
                int axis = inputs.Axis(named[n], shape.Length);
                (int first, int count, int step) = Cut(inputs, shape[axis], from[n], to[n], steps[n]);
                start += first * strides[axis];
                strides[axis] *= step;
                shape[axis] = count;
            }

            return [inputs.Strided(inputs[0], shape, start, strides)];
        };
    }

    /// <summary>The first element of a slice, the number of its elements, and how far they are apart.</summary>
    private static (int First, int Count, int Step) Cut(Arguments<T> inputs, int size, long from, long to, long step)
    {
        if (step == 0)
        {
            throw inputs.Refuse("its step is 0");
        }

        if (size == 0)
        {
            return (0, 0, 1);
        }

        // Backwards, the end is in front of the first element: -1, which counts from the end when it is written.
        long least = step > 0 ? 0 : -1;
        long most = step > 0 ? size : size - 1;
        long Clamp(long place, long low) => Math.Clamp(place < 0 ? Math.Max(place, -size - 1L) + size : place, low, most);
        long first = Clamp(from, 0);
        long last = Clamp(to, least);
        long distance = step > 0 ? last - first : first - last;
        long stride = Math.Min(step > 0 ? step : -Math.Max(step, -int.MaxValue), size);
        int count = distance <= 0 ? 0 : (int)((distance + stride - 1) / stride);
        return (count == 0 ? 0 : (int)first, count, (int)(step > 0 ? stride : -stride));
    }

    private static Kernel<T> Split(NodeReader node)
    {
        long at = node.Integer("axis", 0);
        IReadOnlyList<long>? attribute = node.Opset < SizesAreInput ? node.Integers("split") : null;
        node.Ignore("num_outputs");
        return inputs =>
        {
            int[] shape = inputs[0].Sizes;
            int axis = inputs.Axis(at, shape.Length);
            int parts = inputs.Outputs;
            long[] sizes = attribute?.ToArray()
                ?? (inputs.Optional(1) is not null ? inputs.Integers(1) : Even(shape[axis], parts));
            if (sizes.Length != parts || sizes.Any(size => size < 0 || size > shape[axis]) || sizes.Sum() != shape[axis])
            {
                throw inputs.Refuse($"{shape[axis]} is not split into {parts} by [{string.Join(", ", sizes.Take(parts + 1))}]");
            }

            int[] strides = OnnxShape.Strides(shape);
            var outputs = new OnnxTensor<T>[parts];
            int start = 0;
            for (int n = 0; n < parts; n++)
            {
                int[] part = [.. shape];
                part[axis] = (int)sizes[n];
                outputs[n] = inputs.Strided(inputs[0], part, start * strides[axis], strides);
                start += part[axis];
            }

            return outputs;
        };

        // The last is smaller if they cannot be of one size.
        static long[] Even(int size, int parts)
        {
            int each = (size + parts - 1) / Math.Max(parts, 1);
            return [.. Enumerable.Range(0, parts).Select(n => Math.Clamp(size - ((long)n * each), 0, each))];
        }
    }

    /// <summary>Each sequence with its steps turned round up to its length, after which they stay as they are.</summary>
    private static Kernel<T> ReverseSequence(NodeReader node)
    {
        bool batchFirst = (node.Integer("time_axis", 0), node.Integer("batch_axis", 1)) switch
        {
            (0, 1) => false,
            (1, 0) => true,
            (long time, long batch) => throw node.Refuse($"its time_axis is {time}, and its batch_axis is {batch}"),
        };
        return inputs =>
        {
            (OnnxTensor<T> source, long[] lengths) = (inputs[0], inputs.Integers(1));
            if (source.Sizes is not [int rows, int columns, ..])
            {
                throw inputs.Refuse("it does not have steps and sequences");
            }

            (int steps, int sequences) = batchFirst ? (columns, rows) : (rows, columns);
            if (lengths.Length != sequences || lengths.Any(length => length < 0 || length > steps))
            {
                throw inputs.Refuse($"its lengths are not {sequences} from 0 to {steps}");
            }

            int inner = OnnxShape.Count(source.Sizes.AsSpan(2)) ?? 0;
            int Place(int row, int column)
            {
                (int t, int b) = batchFirst ? (column, row) : (row, column);
                t = t < lengths[b] ? (int)lengths[b] - 1 - t : t;
                return batchFirst ? (b * columns) + t : (t * columns) + b;
            }

            return [inputs.Joined(
                source,
                source.Sizes,
                from row in Enumerable.Range(0, rows)
                from column in Enumerable.Range(0, columns)
                select (source, Place(row, column) * inner, inner))];
        };
    }

    private static Kernel<T> OneHot(NodeReader node)
    {
        long at = node.Integer("axis", -1);
        return inputs =>
        {
            long[] indices = inputs[0].IsInteger ? inputs[0].Whole : Array.ConvertAll(inputs[0].Numbers, long.CreateSaturating);
            long depth = inputs[1] is { Count: 1 } one
                ? (one.IsInteger ? one.Whole[0] : long.CreateSaturating(one.Numbers[0]))
                : throw inputs.Refuse("its depth is not one number");
            int[] old = inputs[0].Sizes;
            int axis = inputs.Axis(at, old.Length + 1);
            OnnxTensor<T> values = inputs[2];
            if (depth is < 1 or > int.MaxValue || values.Count != 2)
            {
                throw inputs.Refuse($"its depth is {depth}, and it has {values.Count} values");
            }

            int size = (int)depth;
            int[] shape = [.. old[..axis], size, .. old[axis..]];
            OnnxTensor<T> result = inputs.Strided(values, shape, 0, new int[shape.Length]);
            int inner = OnnxShape.Count(old.AsSpan(axis)) ?? 0;
            Array target = result.IsInteger ? result.Whole : result.Numbers;
            Array source = values.IsInteger ? values.Whole : values.Numbers;
            for (int n = 0; n < indices.Length; n++)
            {
                if (indices[n] >= -depth && indices[n] < depth)
                {
                    int index = (int)(indices[n] < 0 ? indices[n] + depth : indices[n]);
                    Array.Copy(source, 1, target, (((n / inner * size) + index) * inner) + (n % inner), 1);
                }
            }

            return [result];
        };
    }

    private static OnnxTensor<T> Range(Arguments<T> inputs)
    {
        if (inputs[0].Count != 1 || inputs[1].Count != 1 || inputs[2].Count != 1)
        {
            throw inputs.Refuse("its start, limit and step are not single numbers");
        }

        if (!inputs[0].IsInteger)
        {
            (T start, T step) = (inputs.Numbers(0)[0], inputs.Numbers(2)[0]);
            T[] numbers = inputs.Allocate<T>([Length(double.CreateTruncating((inputs.Numbers(1)[0] - start) / step))]);
            for (int n = 0; n < numbers.Length; n++)
            {
                numbers[n] = start + (T.CreateTruncating(n) * step);
            }

            return new OnnxTensor<T>([numbers.Length], numbers);
        }

        (long first, long each) = (inputs.Integers(0)[0], inputs.Integers(2)[0]);
        long[] integers = inputs.Allocate<long>([Length(((double)inputs.Integers(1)[0] - first) / each)]);
        for (int n = 0; n < integers.Length; n++)
        {
            integers[n] = unchecked(first + (n * each));
        }

        return OnnxTensor<T>.FromIntegers([integers.Length], integers);

        int Length(double count) => double.IsFinite(count) && count < int.MaxValue
            ? (int)Math.Max(Math.Ceiling(count), 0)
            : throw inputs.Refuse("its steps are without end");
    }

    /// <summary>The elements before an axis, and those within one index of it.</summary>
    private static (int Outer, int Inner) Around(ReadOnlySpan<int> shape, int axis) =>
        (OnnxShape.Count(shape[..axis]) ?? 0, OnnxShape.Count(shape[(axis + 1)..]) ?? 0);
}
