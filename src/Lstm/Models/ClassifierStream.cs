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
    private readonly ModelStream<T> _stream;
    private readonly T[] _scaled;
    private readonly T[] _probabilities;

    internal ClassifierStream(SequenceClassifier<T, TLabel> model)
        : this(model, model.Network.OpenStream())
    {
    }

    private ClassifierStream(SequenceClassifier<T, TLabel> model, ModelStream<T> stream)
    {
        (Model, _stream) = (model, stream);
        _scaled = new T[model.Scaling.Features];
        _probabilities = new T[model.Labels.Count];
    }

    /// <summary>The model that answers.</summary>
    public SequenceClassifier<T, TLabel> Model { get; }

    /// <summary>The number of steps taken since the start or the latest <see cref="Reset"/>.</summary>
    public long Steps => _stream.Steps;

    /// <summary>
    /// The probability of each label after the latest step, in the order of the model's labels; zeros before the first step and
    /// after a <see cref="Restore(ReadOnlySpan{byte})"/>.
    /// </summary>
    public ReadOnlySpan<T> Probabilities => _probabilities;

    /// <summary>Takes a step.</summary>
    /// <param name="features">The numbers of the step, one for each feature; NaN where one is missing.</param>
    /// <returns>The label that is most likely on what was seen so far.</returns>
    /// <exception cref="ArgumentException">There are other features than the model has.</exception>
    /// <exception cref="InvalidOperationException">Another call on this stream has not returned yet.</exception>
    public TLabel Step(ReadOnlySpan<T> features)
    {
        Model.Scaling.Apply(features, _scaled);
        Softmax.Probabilities(_stream.Step(_scaled), _probabilities);
        int best = 0;
        for (int n = 1; n < _probabilities.Length; n++)
        {
            best = _probabilities[n] > _probabilities[best] ? n : best;
        }

        return Model.Labels[best];
    }

    /// <summary>Begins another sequence.</summary>
    /// <exception cref="InvalidOperationException">Another call on this stream has not returned yet.</exception>
    public void Reset()
    {
        _stream.Reset();
        Array.Clear(_probabilities);
    }

    /// <summary>Makes another stream that stands where this one does, and goes its own way from there.</summary>
    /// <returns>A stream of the same model.</returns>
    /// <exception cref="InvalidOperationException">Another call on this stream has not returned yet.</exception>
    public ClassifierStream<T, TLabel> Clone()
    {
        var clone = new ClassifierStream<T, TLabel>(Model, _stream.Clone());
        _probabilities.CopyTo(clone._probabilities, 0);
        return clone;
    }

    /// <inheritdoc cref="ModelStream{T}.Save()"/>
    public byte[] Save() => _stream.Save();

    /// <inheritdoc cref="ModelStream{T}.Save(Stream)"/>
    public void Save(Stream stream) => _stream.Save(stream);

    /// <inheritdoc cref="ModelStream{T}.Restore(ReadOnlySpan{byte})"/>
    public void Restore(ReadOnlySpan<byte> saved)
    {
        _stream.Restore(saved);
        Array.Clear(_probabilities);
    }

    /// <inheritdoc cref="ModelStream{T}.Restore(Stream)"/>
    public void Restore(Stream stream)
    {
        _stream.Restore(stream);
        Array.Clear(_probabilities);
    }

    /// <summary>Says whose stream this is, and how far it has come.</summary>
    /// <returns>The number of steps, and the model.</returns>
    public override string ToString() => $"ClassifierStream<{typeof(T).Name}> after {Steps} steps of {Model}";
}
