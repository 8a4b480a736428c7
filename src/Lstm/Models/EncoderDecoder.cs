using System.Numerics;
using System.Numerics.Tensors;
using Lstm.Layers;

namespace Lstm.Models;

/// <summary>
/// A network that reads a sequence of tokens and writes another (Sutskever, Vinyals and Le 2014; Cho et al. 2014): LSTM
/// layers, the encoder, run over the source; others, the decoder, start from the state that it ended in and give the logits
/// of the next token of the target at each step.
/// </summary>
/// <remarks>
/// <para>
/// Tokens are indices from 0. Those of the target have one index more, <see cref="Boundary"/>: it precedes the first
/// token that the decoder is given, and follows the last one that it is to predict.
/// </para>
/// <para>
/// Training is for one thread at a time. <see cref="Infer"/> and <see cref="Search"/> keep nothing in the network: any number
/// of threads may call them at once, but not while the network is trained.
/// </para>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class EncoderDecoder<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly StateBridge<T> _bridge;
    private readonly Sequence<T> _decoderInput;
    private readonly Sequence<T> _outputInput;
    private readonly Sequence<T> _embeddedGradient;
    private readonly Sequence<T> _hiddenGradient;
    private readonly Sequence<T> _encoderGradient;

    // c and ∂L/∂c: the encoder's last hidden state, which a peeky decoder sees at every step.
    private T[] _context = [];
    private T[] _contextGradient = [];
    private Sequence<T>? _source;

    /// <summary>Makes a network with weights drawn from the seed of the options.</summary>
    /// <param name="sourceTokens">The different tokens of sources, from 1 to 16,777,216.</param>
    /// <param name="targetTokens">The different tokens of targets, from 1 to 16,777,215; <see cref="Boundary"/> comes on top.</param>
    /// <param name="options">How the network is made; the defaults if null.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number of tokens is out of its range, or a matrix too large.</exception>
    public EncoderDecoder(int sourceTokens, int targetTokens, SequenceToSequenceOptions? options = null)
        : this(
            EncoderDecoderLayers<T>.Draw(sourceTokens, targetTokens, options ?? new SequenceToSequenceOptions()),
            options ?? new SequenceToSequenceOptions())
    {
    }

    /// <summary>Makes a network of given parts.</summary>
    /// <exception cref="ArgumentException">They are not what the options say.</exception>
    internal EncoderDecoder(EncoderDecoderLayers<T> layers, SequenceToSequenceOptions options)
    {
        layers.Check(options);
        Options = options;
        (Encoder, TargetEmbedding, Decoder, Output) = layers;
        Parameters =
            [.. Encoder.Parameters, .. TargetEmbedding.Parameters, .. Decoder.Parameters, .. Output.Parameters];
        _bridge = new StateBridge<T>(Encoder, Decoder);
        _decoderInput = new Sequence<T>(1, 1, Decoder.Inputs);
        _outputInput = new Sequence<T>(1, 1, Output.Inputs);
        _embeddedGradient = new Sequence<T>(1, 1, options.EmbeddingSize);
        _hiddenGradient = new Sequence<T>(1, 1, options.HiddenUnits);
        _encoderGradient = new Sequence<T>(1, 1, options.HiddenUnits);
    }

    /// <summary>How the network was made.</summary>
    public SequenceToSequenceOptions Options { get; }

    /// <summary>The different tokens of sources.</summary>
    public int SourceTokens => EncoderDecoderLayers<T>.Tokens(Encoder);

    /// <summary>The different tokens of targets, <see cref="Boundary"/> not counted.</summary>
    public int TargetTokens => Boundary;

    /// <summary>The token before the first and after the last of a target: the index after those of the target's tokens.</summary>
    public int Boundary => Output.Outputs - 1;

    /// <summary>Embedding and LSTM layers that read the source.</summary>
    public Network<T> Encoder { get; }

    /// <summary>The embedding of the target's tokens.</summary>
    public Network<T> TargetEmbedding { get; }

    /// <summary>The LSTM layers that write the target.</summary>
    public Network<T> Decoder { get; }

    /// <summary>The layer that gives the logits of the target's tokens and of <see cref="Boundary"/>.</summary>
    public DenseLayer<T> Output { get; }

    /// <summary>What is trained: the parameters of encoder, embedding, decoder and output layer, in this order.</summary>
    public IReadOnlyList<Parameter<T>> Parameters { get; }

    /// <summary>The most threads that a call may use, from 1; the number of processors unless set. It changes no result.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Threads
    {
        get => Encoder.Threads;
        set => Encoder.Threads = TargetEmbedding.Threads = Decoder.Threads = Output.Threads = value;
    }

    /// <summary>Computes the logits at every step of the target, and keeps what <see cref="Backward"/> needs.</summary>
    /// <param name="source">
    /// S × B × 1: the tokens of the sources in the order in which the encoder shall read them, which is from the last to the
    /// first if <see cref="SequenceToSequenceOptions.ReverseSource"/>. It is read again by <see cref="Backward"/>.
    /// </param>
    /// <param name="target">
    /// T × B × 1: at the first step <see cref="Boundary"/>, then the tokens of the targets except the last. What comes
    /// after the end of a target has no effect on what comes before it.
    /// </param>
    /// <returns>T × B × (<see cref="TargetTokens"/> + 1) logits. They belong to the network, and the next call overwrites them.</returns>
    /// <exception cref="ArgumentNullException">A sequence is null.</exception>
    /// <exception cref="ArgumentException">
    /// A sequence has another number of features, or another batch than the other, or contains something that is not a
    /// token.
    /// </exception>
    public Sequence<T> Forward(Sequence<T> source, Sequence<T> target)
    {
        CheckTarget(source, target);
        Encoder.Forward(source);
        _source = source;
        LayerState<T> initial = _bridge.ToDecoder(Encoder.FinalState);
        Sequence<T> embedded = TargetEmbedding.Forward(target);
        if (!Options.Peeky)
        {
            return Output.Forward(Decoder.Forward(embedded, initial));
        }

        StateBridge<T>.TopHidden(Encoder.FinalState).CopyTo(Resized(ref _context, source.Batch));
        Sequence<T> hidden = Decoder.Forward(Peek(embedded, _context, _decoderInput), initial);
        return Output.Forward(Peek(hidden, _context, _outputInput));
    }

    /// <summary>Runs back through the decoder and the encoder, and adds to the gradients of all parameters.</summary>
    /// <param name="logitsGradient">∂L/∂logits, of the shape of the logits.</param>
    /// <exception cref="InvalidOperationException">There was no forward pass since the last backward pass.</exception>
    /// <exception cref="ArgumentNullException"><paramref name="logitsGradient"/> is null.</exception>
    /// <exception cref="ArgumentException">The gradient has another shape than the logits had.</exception>
    public void Backward(Sequence<T> logitsGradient)
    {
        Sequence<T> hiddenGradient = Output.Backward(logitsGradient);
        if (Options.Peeky)
        {
            Resized(ref _contextGradient, logitsGradient.Batch).Clear();
            hiddenGradient = Unpeek(hiddenGradient, _hiddenGradient);
        }

        Sequence<T> embeddedGradient = Decoder.Backward(hiddenGradient);
        LayerState<T> finalGradient = _bridge.ToEncoder(Decoder.InitialStateGradient);
        if (Options.Peeky)
        {
            embeddedGradient = Unpeek(embeddedGradient, _embeddedGradient);
            Span<T> top = StateBridge<T>.TopHidden(finalGradient);
            TensorPrimitives.Add(top, _contextGradient.AsSpan(0, top.Length), top);
        }

        TargetEmbedding.Backward(embeddedGradient);
        // Zeros, since nobody writes to it.
        _encoderGradient.Resize(_source!.Steps, _source.Batch);
        Encoder.Backward(_encoderGradient, finalGradient);
    }

    /// <summary>Computes the logits at every step of the target, without keeping anything for a backward pass.</summary>
    /// <param name="source">S × B × 1, as for <see cref="Forward"/>.</param>
    /// <param name="target">T × B × 1, as for <see cref="Forward"/>.</param>
    /// <returns>T × B × (<see cref="TargetTokens"/> + 1) logits, new and the caller's.</returns>
    /// <exception cref="ArgumentNullException">A sequence is null.</exception>
    /// <exception cref="ArgumentException">
    /// A sequence has another number of features, or another batch than the other, or contains something that is not a
    /// token.
    /// </exception>
    public Sequence<T> Infer(Sequence<T> source, Sequence<T> target)
    {
        CheckTarget(source, target);
        LayerState<T> read = Encoder.CreateState(source.Batch);
        Encoder.Infer(source, read);
        LayerState<T> state = Decoder.CreateState(source.Batch);
        StateBridge<T>.Copy(read, state);
        Sequence<T> embedded = TargetEmbedding.Infer(target);
        if (!Options.Peeky)
        {
            return Output.Infer(Decoder.Infer(embedded, state));
        }

        ReadOnlySpan<T> context = StateBridge<T>.TopHidden(read);
        Sequence<T> hidden = Decoder.Infer(Peek(embedded, context, new Sequence<T>(1, 1, Decoder.Inputs)), state);
        return Output.Infer(Peek(hidden, context, new Sequence<T>(1, 1, Output.Inputs)));
    }

    /// <summary>Searches for the most likely targets.</summary>
    /// <param name="source">S × B × 1, as for <see cref="Forward"/>.</param>
    /// <param name="maximumLength">The most tokens of a target, unless the options say; at least 1.</param>
    /// <param name="options">How to search; greedily if null.</param>
    /// <returns>For each source up to k targets, the best first; one at least.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="source"/> is null.</exception>
    /// <exception cref="ArgumentException">The source has more than one feature, or contains something that is not a token.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maximumLength"/> is below 1.</exception>
    /// <exception cref="ArithmeticException">The network gives NaN or infinity.</exception>
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Search(
        Sequence<T> source, int maximumLength, DecodingOptions? options = null)
    {
        Guard.Positive(maximumLength);
        options ??= DecodingOptions.Greedy;
        int width = options.BeamWidth;
        int classes = Output.Outputs;
        var run = new DecoderRun<T>(this, source, width);
        Beam<T>[] beams =
        [
            .. Enumerable.Range(0, source.Batch)
                .Select(_ => new Beam<T>(classes, Boundary, options, options.MaximumLength ?? maximumLength)),
        ];
        int[] parents = new int[source.Batch * width];
        while (true)
        {
            ReadOnlySpan<T> logits = run.Step();
            bool done = true;
            for (int b = 0; b < beams.Length; b++)
            {
                Span<int> parent = parents.AsSpan(b * width, width);
                beams[b].Advance(
                    logits.Slice(b * width * classes, width * classes), parent, run.Tokens.Slice(b * width, width));
                TensorPrimitives.Add(parent, b * width, parent);
                done &= beams[b].IsDone;
            }

            if (done)
            {
                return [.. beams.Select(beam => beam.Results())];
            }

            run.Reorder(parents);
        }
    }

    /// <summary>A summary to paste into a report: a line for each part.</summary>
    /// <returns>Kind, sizes and number of parameters, line by line.</returns>
    public override string ToString()
    {
        long count = Parameters.Sum(parameter => (long)parameter.Count);
        return string.Join(
            Environment.NewLine,
            $"EncoderDecoder<{typeof(T).Name}> {SourceTokens} → {TargetTokens} tokens, {count} parameters",
            $"Encoder: {Encoder}",
            $"TargetEmbedding: {TargetEmbedding}",
            $"Decoder: {Decoder}",
            $"Output: {Output}");
    }

    private static void CheckTarget(Sequence<T> source, Sequence<T> target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        Guard.Shape(
            target.Batch == source.Batch && target.Features == 1,
            $"of {source.Batch} sequences of one feature, as the source",
            $"{target}",
            nameof(target));
    }

    private Span<T> Resized(ref T[] array, int batch)
    {
        int length = batch * Options.HiddenUnits;
        if (array.Length < length)
        {
            array = new T[length];
        }

        return array.AsSpan(0, length);
    }

    /// <summary>[x; c] at each step.</summary>
    private static Sequence<T> Peek(Sequence<T> steps, ReadOnlySpan<T> context, Sequence<T> joined)
    {
        joined.Resize(steps.Steps, steps.Batch);
        for (int t = 0; t < steps.Steps; t++)
        {
            Context.Append(steps.Step(t), steps.Features, context, joined.Step(t));
        }

        joined.Mask = steps.Mask;
        return joined;
    }

    /// <summary>∂L/∂x of each step; ∂L/∂c of all steps is added up.</summary>
    private Sequence<T> Unpeek(Sequence<T> joined, Sequence<T> steps)
    {
        steps.Resize(joined.Steps, joined.Batch);
        for (int t = 0; t < joined.Steps; t++)
        {
            Context.Split(joined.Step(t), steps.Step(t), steps.Features, _contextGradient);
        }

        return steps;
    }
}
