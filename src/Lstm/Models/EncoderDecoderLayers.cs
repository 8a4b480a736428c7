using System.Numerics;
using Lstm.Layers;

namespace Lstm.Models;

/// <summary>The parts of an <see cref="EncoderDecoder{T}"/>, drawn from a seed or read from a file.</summary>
internal sealed record EncoderDecoderLayers<T>(
    Network<T> Encoder, Network<T> TargetEmbedding, Network<T> Decoder, DenseLayer<T> Output)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The tokens of an embedding in front of a network.</summary>
    public static int Tokens(Network<T> network) => ((EmbeddingLayer<T>)network.Layers[0]).Tokens;

    /// <summary>Draws all weights from the seed of the options.</summary>
    public static EncoderDecoderLayers<T> Draw(int sourceTokens, int targetTokens, SequenceToSequenceOptions options)
    {
        Guard.Positive(sourceTokens);
        Guard.InRange(targetTokens, 1, int.MaxValue - 1);
        (int embedding, int hidden, int context) = Sizes(options);
        var random = new Random(options.Seed);

        Layer<T>[] WithDropout(Layer<T> layer) => options.Dropout == 0
            ? [layer]
            : [layer, new DropoutLayer<T>(layer.Outputs, options.Dropout, random.Next())];
        Layer<T>[] Embedding(int tokens) => WithDropout(new EmbeddingLayer<T>(tokens, embedding, random));
        Layer<T>[] Lstms(int inputs) =>
        [
            .. Enumerable.Range(0, options.Layers)
                .SelectMany(n => WithDropout(new LstmLayer<T>(n == 0 ? inputs : hidden, hidden, random))),
        ];

        return new EncoderDecoderLayers<T>(
            new Network<T>([.. Embedding(sourceTokens), .. Lstms(embedding)]),
            new Network<T>(Embedding(targetTokens + 1)),
            new Network<T>(Lstms(embedding + context)),
            new DenseLayer<T>(hidden + context, targetTokens + 1, random));
    }

    /// <summary>Refuses parts that are not those that <see cref="Draw"/> makes of the options.</summary>
    public void Check(SequenceToSequenceOptions options)
    {
        (int embedding, int hidden, int context) = Sizes(options);

        // First, for a number from a file may be any.
        Guard.Shape(
            options.Layers < Encoder.Layers.Count, $"of {options.Layers} LSTM layers after an embedding", $"{Encoder}", nameof(Encoder));
        string[] dropout = options.Dropout == 0 ? [] : [nameof(DropoutLayer<>)];
        string[] lstms = [.. Enumerable.Repeat((string[])[nameof(LstmLayer<>), .. dropout], options.Layers).SelectMany(kind => kind)];
        string[] embeddings = [nameof(EmbeddingLayer<>), .. dropout];

        CheckPart(Encoder, [.. embeddings, .. lstms], 1, hidden, nameof(Encoder));
        CheckPart(TargetEmbedding, embeddings, 1, embedding, nameof(TargetEmbedding));
        CheckPart(Decoder, lstms, embedding + context, hidden, nameof(Decoder));
        int classes = Tokens(TargetEmbedding);
        Guard.Shape(
            Output.Inputs == hidden + context && Output.Outputs == classes,
            $"{hidden + context} → {classes}",
            $"{Output}",
            nameof(Output));
    }

    private static (int Embedding, int Hidden, int Context) Sizes(SequenceToSequenceOptions options) =>
        (options.EmbeddingSize, options.HiddenUnits, options.Peeky ? options.HiddenUnits : 0);

    private static void CheckPart(Network<T> part, string[] kinds, int inputs, int outputs, string name)
    {
        bool fits = part.Inputs == inputs
            && part.Outputs == outputs
            && part.Layers.Select(layer => layer.GetType().Name.Split('`')[0]).SequenceEqual(kinds)
            && part.Layers.OfType<LstmLayer<T>>().All(layer => layer.HiddenUnits == outputs);
        Guard.Shape(fits, $"{inputs} → {outputs} of {string.Join(", ", kinds)}", $"{part}", name);
    }
}
