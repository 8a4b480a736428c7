using System.Numerics;
using Lstm.Layers;

namespace Lstm.Models;

/// <summary>
/// One use of a decoder, step by step, for several beginnings of a target (columns) side by side. Nothing of it is in the
/// network, so that there may be any number at once.
/// </summary>
internal sealed class DecoderRun<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly EncoderDecoder<T> _network;
    private readonly int[] _tokens;
    private readonly LayerState<T> _embeddingState;
    private readonly LayerState<T> _outputState;
    private readonly T[] _input;
    private readonly T[] _embedded;
    private readonly T[] _decoderInput;
    private readonly T[] _hidden;
    private readonly T[] _outputInput;
    private readonly T[] _logits;

    // c for each column; empty if the decoder does not look at it.
    private readonly T[] _context;
    private LayerState<T> _state;
    private LayerState<T> _spare;

    /// <summary>Runs the encoder.</summary>
    /// <param name="network">The network.</param>
    /// <param name="source">S × B × 1.</param>
    /// <param name="width">The columns of each source, which are neighbours; all start alike.</param>
    public DecoderRun(EncoderDecoder<T> network, Sequence<T> source, int width = 1)
    {
        ArgumentNullException.ThrowIfNull(source);
        _network = network;
        int columns = checked(source.Batch * width);
        LayerState<T> read = network.Encoder.CreateState(source.Batch);
        network.Encoder.Infer(source, read);
        _state = network.Decoder.CreateState(columns);
        _spare = network.Decoder.CreateState(columns);
        for (int n = 0; n < read.Parts.Count; n++)
        {
            Repeat<T>(read.Parts[n].Values, source.Batch, width, _state.Parts[n].Values);
        }

        _embeddingState = network.TargetEmbedding.CreateState(columns);
        _outputState = network.Output.CreateState(columns);
        _tokens = new int[columns];
        Array.Fill(_tokens, network.Boundary);
        _input = new T[columns];
        _embedded = new T[columns * network.TargetEmbedding.Outputs];
        _hidden = new T[columns * network.Decoder.Outputs];
        _logits = new T[columns * network.Output.Outputs];
        _context = network.Options.Peeky ? StateBridge<T>.TopHidden(_state).ToArray() : [];
        _decoderInput = network.Options.Peeky ? new T[columns * network.Decoder.Inputs] : _embedded;
        _outputInput = network.Options.Peeky ? new T[columns * network.Output.Inputs] : _hidden;
    }

    /// <summary>The tokens that the next step is given, one for each column; the boundary before the first.</summary>
    public Span<int> Tokens => _tokens;

    /// <summary>Takes a step.</summary>
    /// <returns>The logits of the token after <see cref="Tokens"/>, column by column, until the next step.</returns>
    public ReadOnlySpan<T> Step()
    {
        for (int n = 0; n < _tokens.Length; n++)
        {
            _input[n] = T.CreateTruncating(_tokens[n]);
        }

        _network.TargetEmbedding.Step(_input, _embeddingState, _embedded);
        Peek(_embedded, _decoderInput);
        _network.Decoder.Step(_decoderInput, _state, _hidden);
        Peek(_hidden, _outputInput);
        _network.Output.Step(_outputInput, _outputState, _logits);
        return _logits;
    }

    /// <summary>Lets each column go on from another of the same source.</summary>
    /// <param name="parents">For each column the one whose state it takes.</param>
    public void Reorder(ReadOnlySpan<int> parents)
    {
        for (int part = 0; part < _state.Parts.Count; part++)
        {
            ReadOnlySpan<T> from = _state.Parts[part].Values;
            Span<T> to = _spare.Parts[part].Values;
            int length = from.Length / parents.Length;
            for (int n = 0; n < parents.Length; n++)
            {
                from.Slice(parents[n] * length, length).CopyTo(to.Slice(n * length));
            }
        }

        (_state, _spare) = (_spare, _state);
    }

    private static void Repeat<TItem>(ReadOnlySpan<TItem> columns, int count, int times, Span<TItem> repeated)
    {
        int length = columns.Length / count;
        for (int n = 0; n < count * times; n++)
        {
            columns.Slice(n / times * length, length).CopyTo(repeated.Slice(n * length));
        }
    }

    private void Peek(T[] values, T[] joined)
    {
        if (joined != values)
        {
            Context.Append<T>(values, values.Length / _tokens.Length, _context, joined);
        }
    }
}
