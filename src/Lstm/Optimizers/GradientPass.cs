using System.Numerics;
using System.Numerics.Tensors;
using Lstm.Kernels;

namespace Lstm.Optimizers;

/// <summary>
/// The norm and the scaling of gradients, shared out between threads. Sums are of blocks, and these are added up in their
/// order, so that they do not depend on the threads.
/// </summary>
internal sealed class GradientPass<T> : TeamJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private Parameter<T>? _parameter;
    private double[] _sums = [];
    private T? _scale;

    /// <summary>√(Σ g²), the same bits as those of <see cref="GradientClipping.GlobalNorm"/>.</summary>
    public double GlobalNorm(IReadOnlyList<Parameter<T>> parameters, int threads)
    {
        double sum = 0;
        for (int n = 0; n < parameters.Count; n++)
        {
            int blocks = parameters[n].Touched.Count;
            if (_sums.Length < blocks)
            {
                _sums = new double[blocks];
            }

            // Those of gradients that have not been touched.
            Array.Clear(_sums);
            RunOn(parameters[n], null, threads);
            for (int block = 0; block < blocks; block++)
            {
                sum += _sums[block];
            }
        }

        return Math.Sqrt(sum);
    }

    /// <summary>Multiplies all gradients by a number.</summary>
    public void Scale(IReadOnlyList<Parameter<T>> parameters, T scale, int threads)
    {
        for (int n = 0; n < parameters.Count; n++)
        {
            RunOn(parameters[n], scale, threads);
        }
    }

    internal override void Run(int thread)
    {
        TouchedBlocks blocks = _parameter!.Touched;
        foreach (Range touched in blocks.Within(First(blocks.Count, thread), First(blocks.Count, thread + 1)))
        {
            Span<T> gradients = _parameter.UnmarkedGradients[touched];
            if (_scale is T scale)
            {
                TensorPrimitives.Multiply(gradients, scale, gradients);
                continue;
            }

            for (int start = 0; start < gradients.Length; start += TouchedBlocks.Length)
            {
                _sums[(touched.Start.Value + start) / TouchedBlocks.Length] = SquareSum.Of<T>(
                    gradients.Slice(start, Math.Min(TouchedBlocks.Length, gradients.Length - start)));
            }
        }
    }

    private void RunOn(Parameter<T> parameter, T? scale, int threads)
    {
        (_parameter, _scale) = (parameter, scale);
        RunOn(Kernels.Schedule.Threads(threads, Elementwise.Effort * parameter.Touched.Numbers));
        _parameter = null;
    }
}
