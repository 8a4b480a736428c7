using System.Numerics;
using Lstm.Layers;
using Lstm.Models;

namespace Lstm.Tests.Support;

/// <summary>Layers of every kind, with every option set to something else than its default in one of them.</summary>
internal static class LayerExamples
{
    public static IReadOnlyList<Layer<T>> All<T>(int seed = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var embedding = new EmbeddingLayer<T>(7, 4);
        Layer<T>[] layers =
        [
            new LstmLayer<T>(3, 5),
            new LstmLayer<T>(1, 1),
            new LstmLayer<T>(3, 5, options: new LstmOptions { UseBias = false, Projection = 2, LookBack = 2 }),
            new LstmLayer<T>(3, 5, options: new LstmOptions
            {
                Peepholes = true,
                LayerNormalization = true,
                NormalizationEpsilon = 1e-3,
                CellClip = 2,
                GateClip = 3.5,
                GateActivation = Activation.HardSigmoid(0.3, 0.4),
                CandidateActivation = Activation.LeakyRelu(),
                OutputActivation = Activation.Softsign,
            }),
            new LstmLayer<T>(3, 5, seed: 7, options: new LstmOptions
            {
                CoupledGates = true,
                Projection = 3,
                InputDropout = 0.1,
                RecurrentDropout = 0.2,
                DropoutPerGate = true,
                HiddenZoneout = 0.3,
                CellZoneout = 0.4,
                LearnInitialState = true,
            }),
            new GruLayer<T>(3, 5),
            new GruLayer<T>(3, 5, seed: 3, options: new GruOptions { InputDropout = 0.3, RecurrentDropout = 0.2, LookBack = 3 }),
            new GruLayer<T>(3, 5, options: new GruOptions { ResetAfter = false, UseBias = false }),
            new RnnLayer<T>(3, 5, seed: 4, options: new RnnOptions { Activation = Activation.Relu, InputDropout = 0.3, RecurrentDropout = 0.2 }),
            new RnnLayer<T>(3, 5, options: new RnnOptions { UseBias = false, LookBack = 2 }),
            new DenseLayer<T>(3, 5),
            new DenseLayer<T>(1, 1),
            new DenseLayer<T>(embedding),
            embedding,
            new OneHotLayer<T>(7),
            new DropoutLayer<T>(3, 0.25, seed: -9),
            new LastStepLayer<T>(3),
            new PoolLayer<T>(3, Pooling.Maximum),
            new ReverseLayer<T>(new LstmLayer<T>(3, 5)),
            new ResidualLayer<T>(new LstmLayer<T>(3, 3)),
            new StatefulLayer<T>(new LstmLayer<T>(3, 5)),
            new BidirectionalLayer<T>(new LstmLayer<T>(3, 5), new LstmLayer<T>(3, 5), Merge.Multiply),
            new BidirectionalLayer<T>(new DenseLayer<T>(3, 5), new LstmLayer<T>(3, 5)),
            new Network<T>(new LstmLayer<T>(3, 5), new DenseLayer<T>(5, 2)),
        ];
        var random = new Random(seed);
        foreach (Layer<T> layer in layers)
        {
            Draw.Parameters(random, layer);
        }

        return layers;
    }

    /// <summary>What a layer can be run on: numbers, or tokens if it takes those.</summary>
    public static Sequence<T> Input<T>(Layer<T> layer, int seed = 2)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        var input = Draw.Sequence<T>(random, 4, 3, layer.Inputs);
        if (TakesTokens(layer))
        {
            for (int n = 0; n < input.Values.Length; n++)
            {
                input.Values[n] = T.CreateTruncating(random.Next(7));
            }
        }

        return input;
    }

    private static bool TakesTokens<T>(Layer<T> layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        layer is EmbeddingLayer<T> or OneHotLayer<T> || (layer is Network<T> network && TakesTokens(network.Layers[0]));
}
