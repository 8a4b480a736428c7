using System.Numerics;
using Lstm.Layers;
using Lstm.Models;

namespace Lstm.Tests.Support;

/// <summary>Layers within layers, drawn at random, with weights drawn anew.</summary>
internal static class Composition
{
    public static Layer<T> Draw<T>(Random random, int inputs, int outputs, int depth)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Layer<T> layer = Create<T>(random, inputs, outputs, depth, mayCarry: true);
        if (random.Next(4) == 0)
        {
            Layer<T> one = random.Next(2) == 0 ? new LastStepLayer<T>(outputs) : new PoolLayer<T>(outputs);
            layer = new Network<T>(layer, one);
        }

        Support.Draw.Parameters(random, layer);
        return layer;
    }

    private static Layer<T> Create<T>(Random random, int inputs, int outputs, int depth, bool mayCarry)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Layer<T> Inner(int from, int to) => Create<T>(random, from, to, depth - 1, mayCarry);
        Layer<T> Reversed(int from, int to) => Create<T>(random, from, to, depth - 1, mayCarry: false);
        if (depth == 0)
        {
            return random.Next(5) switch
            {
                0 => new DenseLayer<T>(inputs, outputs),
                1 => new GruLayer<T>(inputs, outputs, options: new GruOptions { ResetAfter = random.Next(2) == 0 }),
                2 => new RnnLayer<T>(inputs, outputs),
                _ => new LstmLayer<T>(inputs, outputs),
            };
        }

        int between = random.Next(1, 6);
        var merge = (Merge)random.Next(outputs % 2 == 0 ? 0 : 1, 4);
        int each = merge == Merge.Concatenate ? outputs / 2 : outputs;
        return random.Next(5) switch
        {
            0 => new ReverseLayer<T>(Reversed(inputs, outputs)),
            1 => new BidirectionalLayer<T>(Inner(inputs, each), Reversed(inputs, each), merge),
            2 => new Network<T>(Inner(inputs, between), Inner(between, outputs)),
            3 => new Network<T>(Inner(inputs, outputs), new ResidualLayer<T>(Inner(outputs, outputs))),
            _ => Inner(inputs, outputs) is { IsCausal: true } inner && mayCarry
                ? new StatefulLayer<T>(inner)
                : Create<T>(random, inputs, outputs, 0, mayCarry),
        };
    }
}
