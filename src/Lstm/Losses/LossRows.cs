using System.Numerics;
using Lstm.Kernels;

namespace Lstm.Losses;

/// <summary>
/// The steps of an evaluation, shared out between threads. Each step's loss is kept, and they are summed in their order, so
/// that the sum does not depend on the threads.
/// </summary>
internal sealed class LossRows<T, TStepLoss> : TeamJob
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TStepLoss : struct, IStepLoss<T>
{
    private double[] _scales = [];
    private double[] _losses = [];
    private TStepLoss _stepLoss;
    private Sequence<T>? _predictions;
    private Sequence<T>? _gradient;

    /// <summary>Room for the share of each step × sequence in the loss; 0 for those that do not count.</summary>
    public Span<double> Scales(int count)
    {
        if (_scales.Length < count)
        {
            (_scales, _losses) = (new double[count], new double[count]);
        }

        return _scales.AsSpan(0, count);
    }

    /// <summary>Fills the gradient, if there is one, and returns Σ scale · l.</summary>
    /// <exception cref="NonFiniteLossException">The sum became NaN or infinite.</exception>
    public double Evaluate(
        TStepLoss stepLoss, Sequence<T> predictions, Sequence<T>? gradient, int threads, int effort)
    {
        (_stepLoss, _predictions, _gradient) = (stepLoss, predictions, gradient);
        RunOn(Schedule.Threads(threads, (long)effort * predictions.Values.Length));
        (_stepLoss, _predictions, _gradient) = (default, null, null);
        int batch = predictions.Batch;
        double loss = 0;
        for (int n = 0; n < predictions.Steps * batch; n++)
        {
            loss += _losses[n];
            if (!T.IsFinite(T.CreateTruncating(loss)))
            {
                throw new NonFiniteLossException(n / batch, n % batch, loss);
            }
        }

        return loss;
    }

    internal override void Run(int thread)
    {
        (Sequence<T> predictions, int features) = (_predictions!, _predictions!.Features);
        int count = predictions.Steps * predictions.Batch;
        int end = First(count, thread + 1);
        for (int n = First(count, thread); n < end; n++)
        {
            Span<T> slope = _gradient is null ? default : _gradient.Values.Slice(n * features, features);
            if (_scales[n] == 0)
            {
                slope.Clear();
                _losses[n] = 0;
                continue;
            }

            (int step, int sequence) = Math.DivRem(n, predictions.Batch);
            _losses[n] = _scales[n]
                * _stepLoss.Evaluate(step, sequence, predictions.Values.Slice(n * features, features), _scales[n], slope);
        }
    }
}
