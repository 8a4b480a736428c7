using System.Numerics;
using System.Runtime.InteropServices;

namespace Lstm.Optimizers;

/// <summary>The loop over the elements of a parameter, whatever becomes of each.</summary>
internal static class Elementwise
{
    public static void Update<T, TRule>(Parameter<T> parameter, TRule rule)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : struct, IUpdateRule<T>, allows ref struct
    {
        Span<T> values = parameter.Values;
        Span<T> gradients = parameter.Gradients;
        Span<Vector<T>> valueVectors = MemoryMarshal.Cast<T, Vector<T>>(values);
        ReadOnlySpan<Vector<T>> gradientVectors = MemoryMarshal.Cast<T, Vector<T>>(gradients);
        for (int n = 0; n < valueVectors.Length; n++)
        {
            valueVectors[n] = rule.Next(valueVectors[n], gradientVectors[n], n);
        }

        int done = valueVectors.Length * Vector<T>.Count;
        if (done < values.Length)
        {
            // Less than a vector is left: it takes the same arithmetic, filled up with zeros.
            Span<T> value = stackalloc T[Vector<T>.Count];
            Span<T> gradient = stackalloc T[Vector<T>.Count];
            value.Clear();
            gradient.Clear();
            values.Slice(done).CopyTo(value);
            gradients.Slice(done).CopyTo(gradient);
            rule.Next(new Vector<T>(value), new Vector<T>(gradient), valueVectors.Length).CopyTo(value);
            value.Slice(0, values.Length - done).CopyTo(values.Slice(done));
        }
    }

    /// <summary>A number in every element.</summary>
    public static Vector<T> Of<T>(double number)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Vector.Create(T.CreateTruncating(number));
}
