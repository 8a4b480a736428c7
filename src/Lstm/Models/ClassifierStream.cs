using System.Numerics;
using Lstm.Losses;

namespace Lstm.Models;

/// <summary>
/// A sequence that a <see cref="SequenceClassifier{T, TLabel}"/> is given step by step, with an answer after each. Any number
/// of streams of one model may be used at the same time, each by one thread at a time, but not while the model is trained.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TLabel">What the labels are.</typeparam>
public sealed class ClassifierStream<T, TLabel>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLabel : notnull
{
    private readonly SequenceClassifier<T, TLabel> _model;
    private readonly ModelStream<T> _stream;
    private readonly T[] _scaled;
    private readonly T[] _probabilities;

    internal ClassifierStream(SequenceClassifier<T, TLabel> model)
    {
        _model = model;
        _stream = model.Network.OpenStream();
        _scaled = new T[model.Scaling.Features];
        _probabilities = new T[model.Labels.Count];
    }

    /// <summary>The probability of each label after the latest step, in the order of the model's labels; zeros before the first.</summary>
    public ReadOnlySpan<T> Probabilities => _probabilities;

    /// <summary>Takes a step.</summary>
    /// <param name="features">The numbers of the step, one for each feature; NaN where one is missing.</param>
    /// <returns>The label that is most likely on what was seen so far.</returns>
    /// <exception cref="ArgumentException">There are other features than the model has.</exception>
    public TLabel Step(ReadOnlySpan<T> features)
    {
        _model.Scaling.Apply(features, _scaled);
        Softmax.Probabilities(_stream.Step(_scaled), _probabilities);
        int best = 0;
        for (int n = 1; n < _probabilities.Length; n++)
        {
            best = _probabilities[n] > _probabilities[best] ? n : best;
        }

        return _model.Labels[best];
    }

    /// <summary>Begins another sequence.</summary>
    public void Reset()
    {
        _stream.Reset();
        Array.Clear(_probabilities);
    }
}
