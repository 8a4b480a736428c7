using System.Numerics;
using Lstm.Losses;

namespace Lstm.Metrics;

/// <summary>The share of the steps (or sequences) whose most likely class is the right one, by their weights.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class AccuracyMetric<T> : Metric<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private double _right;
    private double _all;

    /// <inheritdoc/>
    public override string Name => "accuracy";

    /// <summary>True.</summary>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override void Reset() => (_right, _all) = (0, 0);

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="predictions"/> is null.</exception>
    /// <exception cref="ArgumentException">There is another number of classes or weights than steps × sequences.</exception>
    public override void Add(Sequence<T> predictions, ReadOnlySpan<int> classes, ReadOnlySpan<T> weights)
    {
        foreach (ClassPrediction prediction in new ClassPredictions<T>(predictions, classes, weights))
        {
            _all += prediction.Weight;
            _right += prediction.Predicted == prediction.Actual ? prediction.Weight : 0;
        }
    }

    /// <inheritdoc/>
    public override double Value(LossSum loss) => _right / _all;
}
