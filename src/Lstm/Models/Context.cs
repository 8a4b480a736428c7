using System.Numerics;
using System.Numerics.Tensors;

namespace Lstm.Models;

/// <summary>Numbers for each sequence of a batch that are appended to the features of a step.</summary>
internal static class Context
{
    /// <summary>[x; c] for each sequence.</summary>
    /// <param name="values">x, B × features.</param>
    /// <param name="features">The features of x.</param>
    /// <param name="context">c, B × those of c.</param>
    /// <param name="joined">B × the features of both, to be overwritten.</param>
    public static void Append<T>(ReadOnlySpan<T> values, int features, ReadOnlySpan<T> context, Span<T> joined)
    {
        int batch = values.Length / features;
        int width = joined.Length / batch;
        for (int b = 0; b < batch; b++)
        {
            Span<T> row = joined.Slice(b * width, width);
            values.Slice(b * features, features).CopyTo(row);
            context.Slice(b * (width - features), width - features).CopyTo(row.Slice(features));
        }
    }

    /// <summary>Takes x out of [x; c], and adds c to what is there.</summary>
    public static void Split<T>(ReadOnlySpan<T> joined, Span<T> values, int features, Span<T> contextSum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int batch = values.Length / features;
        int width = joined.Length / batch;
        for (int b = 0; b < batch; b++)
        {
            ReadOnlySpan<T> row = joined.Slice(b * width, width);
            row.Slice(0, features).CopyTo(values.Slice(b * features));
            Span<T> sum = contextSum.Slice(b * (width - features), width - features);
            TensorPrimitives.Add(sum, row.Slice(features), sum);
        }
    }
}
