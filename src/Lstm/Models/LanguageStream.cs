using System.Numerics;
using Lstm.Data;
using Lstm.Layers;
using Lstm.Losses;

namespace Lstm.Models;

/// <summary>
/// One text that a <see cref="LanguageModel{T}"/> reads and continues, token by token: for a service, one for each user or
/// request. Any number of streams of one model may be used at the same time, each by one thread at a time, but not while
/// the model is trained. A token costs the same however long the text is, and once warm nothing is allocated for it. It can be
/// saved, restored, copied and reset.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LanguageStream<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SamplingOptions _sampling;
    private readonly TokenSampler<T> _sampler;
    private readonly LayerState<T> _state;
    private readonly StatePart<T> _logits;
    private readonly StreamCore<T> _core;
    private readonly T[] _input = new T[1];

    internal LanguageStream(LanguageModel<T> model, SamplingOptions sampling, int seed)
    {
        var random = new StateRandom<T>(seed);
        (Model, _sampling) = (model, sampling);
        _sampler = new TokenSampler<T>(sampling, random);
        _state = model.Network.CreateState(1);
        _logits = new StatePart<T>("Logits", model.Vocabulary.Count, 1);
        _core = new StreamCore<T>(new LayerState<T>(1, [.. _state.Parts, _logits, random.Part]));
    }

    /// <summary>The model that reads and continues.</summary>
    public LanguageModel<T> Model { get; }

    /// <summary>The tokens read and chosen since the start or the latest <see cref="Reset"/>.</summary>
    public long Steps => _core.Steps;

    /// <summary>The logits of the token to come, one for each of the vocabulary. They belong to the stream.</summary>
    /// <exception cref="InvalidOperationException">No token has been read yet.</exception>
    public ReadOnlySpan<T> Logits
    {
        get
        {
            CheckStarted();
            return _logits.Values;
        }
    }

    /// <summary>Reads a text, on from where the stream is.</summary>
    /// <param name="text">The text; may be empty.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    /// <exception cref="ArgumentException">A token is not in the vocabulary, which has none for the unknown.</exception>
    /// <exception cref="InvalidOperationException">Another call on this stream has not returned yet.</exception>
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
    /// <exception cref="InvalidOperationException">Another call on this stream has not returned yet.</exception>
    public void Read(int token)
    {
        Guard.Index(token, Model.Vocabulary.Count);
        _core.Enter();
        try
        {
            Take(token);
        }
        finally
        {
            _core.Leave();
        }
    }

    /// <summary>Chooses the token to come, and reads it.</summary>
    /// <returns>Its index; <see cref="Vocabulary"/> knows its text.</returns>
    /// <exception cref="InvalidOperationException">
    /// No token has been read yet, or another call on this stream has not returned yet.
    /// </exception>
    /// <exception cref="ArgumentException">The model gives NaN or infinity.</exception>
    public int Next()
    {
        CheckStarted();
        _core.Enter();
        try
        {
            int token = _sampler.Sample(_logits.Values);
            Take(token);
            return token;
        }
        finally
        {
            _core.Leave();
        }
    }

    /// <summary>How likely a token is to come next.</summary>
    /// <param name="token">Its index.</param>
    /// <returns>The natural logarithm of its probability.</returns>
    /// <exception cref="InvalidOperationException">No token has been read yet.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The index is not in the vocabulary.</exception>
    public double LogProbability(int token)
    {
        CheckStarted();
        return Softmax.LogProbability<T>(_logits.Values, token);
    }

    /// <summary>Begins another text. The random numbers go on from where they are.</summary>
    /// <exception cref="InvalidOperationException">Another call on this stream has not returned yet.</exception>
    public void Reset()
    {
        _core.Enter();
        Model.Network.Start(_state);
        _core.Steps = 0;
        _core.Leave();
    }

    /// <summary>
    /// Makes another stream that stands where this one does, and goes its own way from there. With the same further tokens both
    /// draw the same random numbers.
    /// </summary>
    /// <returns>A stream of the same model that chooses tokens in the same way.</returns>
    /// <exception cref="InvalidOperationException">Another call on this stream has not returned yet.</exception>
    public LanguageStream<T> Clone()
    {
        var clone = new LanguageStream<T>(Model, _sampling, 0);
        _core.CopyTo(clone._core);
        return clone;
    }

    /// <summary>
    /// Writes down where the stream stands: the state, the logits of the token to come, the number of tokens and where the
    /// random numbers are; not the weights, nor how tokens are chosen.
    /// </summary>
    /// <inheritdoc cref="ModelStream{T}.Save()"/>
    public byte[] Save() => _core.Save();

    /// <inheritdoc cref="ModelStream{T}.Save(Stream)"/>
    public void Save(Stream stream) => _core.Save(stream);

    /// <inheritdoc cref="ModelStream{T}.Restore(ReadOnlySpan{byte})"/>
    public void Restore(ReadOnlySpan<byte> saved) => _core.Restore(saved);

    /// <inheritdoc cref="ModelStream{T}.Restore(Stream)"/>
    public void Restore(Stream stream) => _core.Restore(stream);

    /// <summary>Says what the stream is.</summary>
    /// <returns>The tokens so far, and the model.</returns>
    public override string ToString() => $"LanguageStream<{typeof(T).Name}> of {Steps} tokens, {Model}";

    private void Take(int token)
    {
        _input[0] = T.CreateTruncating(token);
        Model.Network.Step(_input, _state, _logits.Values);
        _core.Steps++;
    }

    private void CheckStarted()
    {
        if (Steps == 0)
        {
            throw new InvalidOperationException("Read must be called with a token or more before there is a next one.");
        }
    }
}
