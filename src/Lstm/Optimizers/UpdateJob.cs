using System.Numerics;
using System.Runtime.InteropServices;
using Lstm.Kernels;

namespace Lstm.Optimizers;

/// <summary>
/// The loop over the elements of a parameter, whatever becomes of each, shared out between threads. No element depends on
/// another, and so no result on the threads.
/// </summary>
internal sealed class UpdateJob<T, TRule> : TeamJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRule : struct, IUpdateRule<T>
{
    private Parameter<T>? _parameter;
    private TRule _rule;
    private bool _touchedOnly;

    /// <summary>Updates a parameter, or only where it has a gradient, for rules that change nothing where that is zero.</summary>
    public void Run(Parameter<T> parameter, TRule rule, int threads, bool touchedOnly = false)
    {
        (_parameter, _rule, _touchedOnly) = (parameter, rule, touchedOnly);
        long numbers = touchedOnly ? parameter.Touched.Numbers : parameter.Count;
        RunOn(Kernels.Schedule.Threads(threads, Elementwise.Effort * numbers));
        (_parameter, _rule) = (null, default);
    }

    internal override void Run(int thread)
    {
        TouchedBlocks blocks = _parameter!.Touched;
        (int first, int end) = (First(blocks.Count, thread), First(blocks.Count, thread + 1));
        foreach (Range range in _touchedOnly ? blocks.Within(first, end) : blocks.All(first, end))
        {
            Update(range);
        }
    }

    /// <summary>Updates some of the elements: from the beginning of a vector on, to that of another or to the end.</summary>
    private void Update(Range range)
    {
        TRule rule = _rule;
        Span<T> values = _parameter!.ChangeValues();
        ReadOnlySpan<T> gradients = _parameter.UnmarkedGradients;
        Span<Vector<T>> valueVectors = MemoryMarshal.Cast<T, Vector<T>>(values);
        ReadOnlySpan<Vector<T>> gradientVectors = MemoryMarshal.Cast<T, Vector<T>>(gradients);
        int end = range.End.Value / Vector<T>.Count;
        for (int n = range.Start.Value / Vector<T>.Count; n < end; n++)
        {
            valueVectors[n] = rule.Next(valueVectors[n], gradientVectors[n], n);
        }

        int done = valueVectors.Length * Vector<T>.Count;
        if (done < range.End.Value)
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
}
