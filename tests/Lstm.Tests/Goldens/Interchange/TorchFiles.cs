using System.Text.Json;
using Lstm.Layers;
using Lstm.Models;

namespace Lstm.Tests.Goldens.Interchange;

/// <summary>torch_files.json, which torch_files.py writes, and the files beside it.</summary>
public sealed record TorchFiles(
    TorchFiles.Case[] Cases, Dictionary<string, JsonElement[]> Views, Dictionary<string, JsonElement[]> Arrays)
{
    private const int Inputs = 3;
    private const int Units = 4;
    private const int Tokens = 7;

    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    public static TorchFiles All { get; } = JsonSerializer.Deserialize<TorchFiles>(
        File.ReadAllText(PathOf("torch_files.json")), CamelCase)!;

    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Goldens", "Interchange", name);

    /// <summary>The layers here that are PyTorch's module of a case, with weights of zeros.</summary>
    public static Layer<T> Create<T>(string name)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> => name switch
        {
            "lstm_stack" => new Network<T>(Lstm<T>(), Lstm<T>(Units), Lstm<T>(Units)),
            "lstm_both" => Both<T>(Inputs),
            "lstm_stack_both" => new Network<T>(Both<T>(Inputs), Both<T>(2 * Units)),
            "lstm_projection" => Lstm<T>(projection: 2),
            "lstm_stack_both_projection" => new Network<T>(Both<T>(Inputs, 2), Both<T>(4, 2)),
            "gru_stack_both" => new Network<T>(Gru<T>(Inputs), Gru<T>(2 * Units)),
            "rnn_stack_both" => new Network<T>(Rnn<T>(Inputs), Rnn<T>(2 * Units)),
            "rnn_relu" => new RnnLayer<T>(Inputs, Units, options: new RnnOptions { Activation = Activation.Relu }),
            "tagger" => new Network<T>(
                new EmbeddingLayer<T>(Tokens, Inputs),
                new DropoutLayer<T>(Inputs, 0.5),
                Both<T>(Inputs),
                Both<T>(2 * Units),
                new DenseLayer<T>(2 * Units, 2 * Units),
                new DenseLayer<T>(2 * Units, 2 * Units)),
            _ => Lstm<T>(),
        };

    private static BidirectionalLayer<T> Both<T>(int inputs, int? projection = null)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        new(Lstm<T>(inputs, projection), Lstm<T>(inputs, projection));

    private static BidirectionalLayer<T> Gru<T>(int inputs)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        new(new GruLayer<T>(inputs, Units), new GruLayer<T>(inputs, Units));

    private static BidirectionalLayer<T> Rnn<T>(int inputs)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        new(new RnnLayer<T>(inputs, Units), new RnnLayer<T>(inputs, Units));

    private static LstmLayer<T> Lstm<T>(int inputs = Inputs, int? projection = null)
        where T : unmanaged, System.Numerics.IBinaryFloatingPointIeee754<T> =>
        new(inputs, Units, options: new LstmOptions { Projection = projection });

    /// <summary>A module, what it was given, and what it computed: steps × batch × features.</summary>
    public sealed record Case(string Name, double[][][] Input, double[][][] Output);
}
