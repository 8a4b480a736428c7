using System.Numerics;
using System.Numerics.Tensors;

namespace Lstm.Metrics;

/// <summary>Goes through the steps of a batch that count, with the most likely class of each.</summary>
internal ref struct ClassPredictions<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ReadOnlySpan<T> _predictions;
    private readonly ReadOnlySpan<int> _classes;
    private readonly ReadOnlySpan<T> _weights;
    private readonly ReadOnlySpan<bool> _valid;
    private readonly int _features;
    private int _next;

    public ClassPredictions(Sequence<T> predictions, ReadOnlySpan<int> classes, ReadOnlySpan<T> weights)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        long count = (long)predictions.Steps * predictions.Batch;
        Guard.Length(classes.Length, count, "steps × sequences", nameof(classes));
        Guard.Length(weights.Length, weights.IsEmpty ? 0 : count, "steps × sequences", nameof(weights));
        _predictions = predictions.Values;
        _classes = classes;
        _weights = weights;
        _valid = predictions.Mask is StepMask mask ? mask.Values : default;
        _features = predictions.Features;
    }

    public ClassPrediction Current { get; private set; }

    public readonly ClassPredictions<T> GetEnumerator() => this;

    public bool MoveNext()
    {
        for (; _next < _classes.Length; _next++)
        {
            double weight = _weights.IsEmpty ? 1 : double.CreateTruncating(_weights[_next]);
            if (weight > 0 && (_valid.IsEmpty || _valid[_next]))
            {
                int predicted = TensorPrimitives.IndexOfMax(_predictions.Slice(_next * _features, _features));
                Current = new ClassPrediction(_classes[_next], predicted, weight);
                _next++;
                return true;
            }
        }

        return false;
    }
}
