using System.Numerics;
using Lstm.Losses;

namespace Lstm.Metrics;

/// <summary>
/// F1, the harmonic mean of precision and recall: of a class <c>2·TP / (2·TP + FP + FN)</c>, with TP the weight of the
/// true positives, FP that of the false positives, and FN that of the false negatives.
/// </summary>
/// <remarks>The mean over classes is over those that occur, as actual or as predicted class.</remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class F1Metric<T> : Metric<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly F1Average _average;
    private double[] _right = [];
    private double[] _actual = [];
    private double[] _predicted = [];

    /// <summary>Makes a metric.</summary>
    /// <param name="average">How the classes become one number; each class counts alike by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="average"/> is not one of the enumeration.</exception>
    public F1Metric(F1Average average = F1Average.Macro)
    {
        _average = Guard.Defined(average);
    }

    /// <inheritdoc/>
    public override string Name => _average == F1Average.Macro ? "macro F1" : "micro F1";

    /// <summary>True.</summary>
    public override bool HigherIsBetter => true;

    /// <inheritdoc/>
    public override void Reset() => (_right, _actual, _predicted) = ([], [], []);

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException"><paramref name="predictions"/> is null.</exception>
    /// <exception cref="ArgumentException">There is another number of classes or weights than steps × sequences.</exception>
    public override void Add(Sequence<T> predictions, ReadOnlySpan<int> classes, ReadOnlySpan<T> weights)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        if (_right.Length < predictions.Features)
        {
            Array.Resize(ref _right, predictions.Features);
            Array.Resize(ref _actual, predictions.Features);
            Array.Resize(ref _predicted, predictions.Features);
        }

        foreach (ClassPrediction prediction in new ClassPredictions<T>(predictions, classes, weights))
        {
            Guard.Index(prediction.Actual, _actual.Length, nameof(classes));
            _actual[prediction.Actual] += prediction.Weight;
            _predicted[prediction.Predicted] += prediction.Weight;
            _right[prediction.Predicted] += prediction.Predicted == prediction.Actual ? prediction.Weight : 0;
        }
    }

    /// <inheritdoc/>
    public override double Value(LossSum loss)
    {
        if (_average == F1Average.Micro)
        {
            return _right.Sum() / _actual.Sum();
        }

        double sum = 0;
        int count = 0;
        for (int k = 0; k < _right.Length; k++)
        {
            // TP + FN is the weight of the actual class, TP + FP that of the predicted one.
            double both = _actual[k] + _predicted[k];
            if (both > 0)
            {
                sum += 2 * _right[k] / both;
                count++;
            }
        }

        return sum / count;
    }
}
