using System.Numerics;
using System.Numerics.Tensors;
using Lstm.Losses;

namespace Lstm.Onnx.Operators;

/// <summary>Operators over all elements along an axis.</summary>
internal static class ReductionOperators<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>From this version on, a softmax is over one axis, and not over all from it on.</summary>
    private const int SoftmaxOverOne = 13;

    /// <summary>What computes one number of a row.</summary>
    private delegate T Row(ReadOnlySpan<T> elements);

    public static void AddTo(OperatorTable<T> table)
    {
        // From these versions on, axes are an input and not an attribute.
        Reduction(table, "ReduceSum", 13, row => TensorPrimitives.Sum(row));
        Reduction(table, "ReduceMean", 18, row => TensorPrimitives.Sum(row) / T.CreateTruncating(row.Length));
        Reduction(table, "ReduceMax", 18, row => TensorPrimitives.Max(row));
        Reduction(table, "ReduceMin", 18, row => TensorPrimitives.Min(row));
        table.Add("Softmax", node => OverAxis(node, row => Softmax.Probabilities<T>(row, row)));
        table.Add("LogSoftmax", node => OverAxis(node, LogSoftmax));
        table.Add("ArgMax", ArgMax);
    }

    private static void Reduction(OperatorTable<T> table, string name, int axesAreInput, Row reduce) => table.Add(name, node =>
    {
        bool attribute = node.Opset < axesAreInput;
        long[]? named = attribute ? node.Integers("axes")?.ToArray() : null;
        bool keep = node.Flag("keepdims", true);
        bool noAxes = node.Flag("noop_with_empty_axes");
        return inputs =>
        {
            int[] sizes = inputs[0].Sizes;
            long[] axes = (attribute ? named : inputs.Optional(1) is null ? null : inputs.Integers(1)) ?? [];
            if (axes.Length == 0)
            {
                if (noAxes)
                {
                    return [inputs[0]];
                }

                axes = [.. Enumerable.Range(0, sizes.Length).Select(axis => (long)axis)];
            }

            int[] over = inputs.Axes(axes, sizes.Length);
            inputs.Numbers(0);
            int[] kept = [.. Enumerable.Range(0, sizes.Length).Except(over)];
            T[] rows = Last(inputs, inputs[0], [.. kept, .. over]).Numbers;
            int length = OnnxShape.Count([.. over.Select(axis => sizes[axis])]) ?? 0;
            int[] shape = keep
                ? [.. sizes.Select((size, axis) => over.Contains(axis) ? 1 : size)]
                : [.. kept.Select(axis => sizes[axis])];
            T[] result = inputs.Allocate<T>(shape);
            if (length == 0 && result.Length > 0)
            {
                throw inputs.Refuse("there is nothing along its axes");
            }

            for (int n = 0; n < result.Length; n++)
            {
                result[n] = reduce(rows.AsSpan(n * length, length));
            }

            return [new OnnxTensor<T>(shape, result)];
        };
    });

    /// <summary>The tensor with its dimensions in another order.</summary>
    private static OnnxTensor<T> Last(Arguments<T> inputs, OnnxTensor<T> tensor, int[] order)
    {
        int[] strides = OnnxShape.Strides(tensor.Sizes);
        return inputs.Strided(
            tensor, [.. order.Select(axis => tensor.Sizes[axis])], 0, [.. order.Select(axis => strides[axis])]);
    }

    private static Kernel<T> OverAxis(NodeReader node, Action<Span<T>> change)
    {
        bool one = node.Opset >= SoftmaxOverOne;
        long at = node.Integer("axis", one ? -1 : 1);
        return inputs =>
        {
            inputs.Numbers(0);
            int[] sizes = inputs[0].Sizes;
            int axis = inputs.Axis(at, sizes.Length);
            int[] order = [.. Enumerable.Range(0, sizes.Length)];
            if (one)
            {
                (order[axis], order[^1]) = (order[^1], order[axis]);
            }

            // A copy, whose rows are changed in place, and put back in order.
            OnnxTensor<T> rows = Last(inputs, inputs[0], order);
            int length = one ? sizes[axis] : OnnxShape.Count(sizes.AsSpan(axis)) ?? 0;
            for (int n = 0; n < rows.Count; n += length)
            {
                change(rows.Numbers.AsSpan(n, length));
            }

            return [one && axis != sizes.Length - 1 ? Last(inputs, rows, order) : rows];
        };
    }

    /// <summary>log pₖ = xₖ − m − log Σⱼ exp(xⱼ − m), with m the maximum.</summary>
    private static void LogSoftmax(Span<T> row)
    {
        TensorPrimitives.Subtract(row, TensorPrimitives.Max<T>(row), row);
        T sum = T.Zero;
        foreach (T x in row)
        {
            sum += T.Exp(x);
        }

        TensorPrimitives.Subtract(row, T.Log(sum), row);
    }

    private static Kernel<T> ArgMax(NodeReader node)
    {
        long at = node.Integer("axis", 0);
        bool keep = node.Flag("keepdims", true);
        bool last = node.Flag("select_last_index");
        return inputs =>
        {
            inputs.Numbers(0);
            int[] sizes = inputs[0].Sizes;
            int axis = inputs.Axis(at, sizes.Length);
            int[] kept = [.. Enumerable.Range(0, sizes.Length).Where(n => n != axis)];
            T[] rows = Last(inputs, inputs[0], [.. kept, axis]).Numbers;
            int length = sizes[axis];
            int[] shape = keep ? [.. sizes.Select((size, n) => n == axis ? 1 : size)] : [.. kept.Select(n => sizes[n])];
            long[] result = inputs.Allocate<long>(shape);
            if (length == 0 && result.Length > 0)
            {
                throw inputs.Refuse("there is nothing along its axis");
            }

            for (int n = 0; n < result.Length; n++)
            {
                ReadOnlySpan<T> row = rows.AsSpan(n * length, length);
                int best = 0;
                for (int k = 1; k < length; k++)
                {
                    best = row[k] > row[best] || (last && row[k] == row[best]) ? k : best;
                }

                result[n] = best;
            }

            return [OnnxTensor<T>.FromIntegers(shape, result)];
        };
    }
}
