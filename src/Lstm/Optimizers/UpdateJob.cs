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

    public void Run(Parameter<T> parameter, TRule rule, int threads)
    {
        (_parameter, _rule) = (parameter, rule);
        RunOn(Kernels.Schedule.Threads(threads, (long)Elementwise.Effort * parameter.Count));
        (_parameter, _rule) = (null, default);
    }

    internal override void Run(int thread)
    {
        TRule rule = _rule;
        Span<T> values = _parameter!.Values;
        Span<T> gradients = _parameter.Gradients;
        Span<Vector<T>> valueVectors = MemoryMarshal.Cast<T, Vector<T>>(values);
        ReadOnlySpan<Vector<T>> gradientVectors = MemoryMarshal.Cast<T, Vector<T>>(gradients);
        int end = First(valueVectors.Length, thread + 1);
        for (int n = First(valueVectors.Length, thread); n < end; n++)
        {
            valueVectors[n] = rule.Next(valueVectors[n], gradientVectors[n], n);
        }

        int done = valueVectors.Length * Vector<T>.Count;
        if (thread == Threads - 1 && done < values.Length)
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
