using System.Numerics;
using Lstm.Data;
using Lstm.Layers;
using Lstm.Losses;

namespace Lstm.Models;

/// <summary>
/// One text that a <see cref="LanguageModel{T}"/> reads and continues, token by token: for a service, one for each user or
/// request. Any number of streams of one model may be used at the same time, each by one thread at a time, but not while
/// the model is trained. A token costs the same however long the text is, and once warm nothing is allocated for it.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LanguageStream<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TokenSampler<T> _sampler;
    private readonly LayerState<T> _state;
    private readonly T[] _logits;
    private readonly T[] _input = new T[1];

    internal LanguageStream(LanguageModel<T> model, SamplingOptions sampling, int seed)
    {
        Model = model;
        _sampler = new TokenSampler<T>(sampling, new Random(seed));
        _state = model.Network.CreateState(1);
        _logits = new T[model.Vocabulary.Count];
    }

    /// <summary>The model that reads and continues.</summary>
    public LanguageModel<T> Model { get; }

    /// <summary>The tokens read and chosen since the start or the latest <see cref="Reset"/>.</summary>
    public long Count { get; private set; }

    /// <summary>The logits of the token to come, one for each of the vocabulary. They belong to the stream.</summary>
    /// <exception cref="InvalidOperationException">No token has been read yet.</exception>
    public ReadOnlySpan<T> Logits
    {
        get
        {
            CheckStarted();
            return _logits;
        }
    }

    /// <summary>Reads a text, on from where the stream is.</summary>
    /// <param name="text">The text; may be empty.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentException">A token is not in the vocabulary, which has none for the unknown.</exception>
    public void Read(string text)
    {
        foreach (int token in Model.Vocabulary.Encode(text))
        {
            Read(token);
        }
    }

    /// <summary>Reads a token.</summary>
    /// <param name="token">Its index.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is not in the vocabulary.</exception>
    public void Read(int token)
    {
        Guard.Index(token, Model.Vocabulary.Count);
        _input[0] = T.CreateTruncating(token);
        Model.Network.Step(_input, _state, _logits);
        Count++;
    }

    /// <summary>Chooses the token to come, and reads it.</summary>
    /// <returns>Its index; <see cref="Vocabulary"/> knows its text.</returns>
    /// <exception cref="InvalidOperationException">No token has been read yet.</exception>
    /// <exception cref="ArgumentException">The model gives NaN or infinity.</exception>
    public int Next()
    {
        CheckStarted();
        int token = _sampler.Sample(_logits);
        Read(token);
        return token;
    }

    /// <summary>How likely a token is to come next.</summary>
    /// <param name="token">Its index.</param>
    /// <returns>The natural logarithm of its probability.</returns>
    /// <exception cref="InvalidOperationException">No token has been read yet.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The index is not in the vocabulary.</exception>
    public double LogProbability(int token)
    {
        CheckStarted();
        return Softmax.LogProbability<T>(_logits, token);
    }

    /// <summary>Begins another text. The random numbers go on from where they are.</summary>
    public void Reset()
    {
        Model.Network.Start(_state);
        Count = 0;
    }

    /// <summary>Says what the stream is.</summary>
    /// <returns>The tokens so far, and the model.</returns>
    public override string ToString() => $"LanguageStream<{typeof(T).Name}> of {Count} tokens, {Model}";

    private void CheckStarted()
    {
        if (Count == 0)
        {
            throw new InvalidOperationException("Read must be called with a token or more before there is a next one.");
        }
    }
}
