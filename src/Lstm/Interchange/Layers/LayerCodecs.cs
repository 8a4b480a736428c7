using System.Numerics;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>All kinds of layers that can be saved.</summary>
internal static class LayerCodecs<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string Features = "features";

    public static IReadOnlyList<LayerCodec<T>> All { get; } =
    [
        new NetworkCodec<T>(),
        new BidirectionalCodec<T>(),
        new WrapperCodec<T, ReverseLayer<T>>(nameof(ReverseLayer<>), inner => new ReverseLayer<T>(inner)),
        new WrapperCodec<T, ResidualLayer<T>>(nameof(ResidualLayer<>), inner => new ResidualLayer<T>(inner)),
        new WrapperCodec<T, StatefulLayer<T>>(nameof(StatefulLayer<>), inner => new StatefulLayer<T>(inner)),
        new LstmCodec<T>(),
        new GruCodec<T>(),
        new RnnCodec<T>(),
        new DenseCodec<T>(),
        new EmbeddingCodec<T>(),
        new PlainCodec<T, OneHotLayer<T>>(
            nameof(OneHotLayer<>),
            (layer, settings) => settings["tokens"] = layer.Outputs,
            settings => new OneHotLayer<T>(settings.WholeNumber("tokens"))),
        new PlainCodec<T, DropoutLayer<T>>(
            nameof(DropoutLayer<>),
            (layer, settings) =>
            {
                settings[Features] = layer.Inputs;
                settings["rate"] = layer.Rate;
                settings["seed"] = layer.Seed;
            },
            settings => new DropoutLayer<T>(
                settings.WholeNumber(Features), settings.Number("rate"), settings.WholeNumber("seed", int.MinValue))),
        new PlainCodec<T, LastStepLayer<T>>(
            nameof(LastStepLayer<>),
            (layer, settings) => settings[Features] = layer.Inputs,
            settings => new LastStepLayer<T>(settings.WholeNumber(Features))),
        new PlainCodec<T, PoolLayer<T>>(
            nameof(PoolLayer<>),
            (layer, settings) =>
            {
                settings[Features] = layer.Inputs;
                settings["pooling"] = layer.Pooling.ToString();
            },
            settings => new PoolLayer<T>(settings.WholeNumber(Features), settings.Choice<Pooling>("pooling"))),
    ];

    /// <summary>The codec of a layer; null for a layer that is not of this library.</summary>
    public static LayerCodec<T>? Of(Layer<T> layer) => All.FirstOrDefault(codec => codec.Takes(layer));

    /// <summary>The codec of a kind; null if there is no such kind.</summary>
    public static LayerCodec<T>? Of(string kind) => All.FirstOrDefault(codec => codec.Kind == kind);
}
