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
            int blocks = Blocks(parameters[n]);
            if (_sums.Length < blocks)
            {
                _sums = new double[blocks];
            }

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
        Span<T> gradients = _parameter!.Gradients;
        int blocks = Blocks(_parameter);
        int first = First(blocks, thread);
        int end = First(blocks, thread + 1);
        if (_scale is T scale)
        {
            int start = first * GradientClipping.Block;
            Span<T> share = gradients.Slice(start, Math.Min(end * GradientClipping.Block, gradients.Length) - start);
            TensorPrimitives.Multiply(share, scale, share);
            return;
        }

        for (int block = first; block < end; block++)
        {
            int start = block * GradientClipping.Block;
            _sums[block] = GradientClipping.SumOfSquares<T>(
                gradients.Slice(start, Math.Min(GradientClipping.Block, gradients.Length - start)));
        }
    }

    private static int Blocks(Parameter<T> parameter) => ((parameter.Count - 1) / GradientClipping.Block) + 1;

    private void RunOn(Parameter<T> parameter, T? scale, int threads)
    {
        (_parameter, _scale) = (parameter, scale);
        RunOn(Kernels.Schedule.Threads(threads, (long)Elementwise.Effort * parameter.Count));
        _parameter = null;
    }
}
