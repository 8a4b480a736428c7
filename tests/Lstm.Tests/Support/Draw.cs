using System.Numerics;
using Lstm.Layers;

namespace Lstm.Tests.Support;

/// <summary>Random numbers for tests, all from U(−range, range).</summary>
internal static class Draw
{
    public static void Fill<T>(Random random, Span<T> values, double range = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int n = 0; n < values.Length; n++)
        {
            values[n] = T.CreateTruncating(range * ((2 * random.NextDouble()) - 1));
        }
    }

    public static Sequence<T> Sequence<T>(Random random, int steps, int batch, int features, double range = 1)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sequence = new Sequence<T>(steps, batch, features);
        Fill(random, sequence.Values, range);
        return sequence;
    }

    public static LayerState<T> State<T>(Random random, Layer<T> layer, int batch)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        LayerState<T> state = layer.CreateState(batch);
        foreach (StatePart<T> part in state.Parts)
        {
            Fill(random, part.Values);
            if (part.Name.EndsWith("Count", StringComparison.Ordinal))
            {
                // Of steps before: a whole number of them.
                part.Values.Fill(T.CreateTruncating(random.Next(1, 4)));
            }
        }

        return state;
    }

    /// <summary>Biases and weights anew, all of them distinct: U(±1/√columns), and U(±1) where there is one column.</summary>
    public static void Parameters<T>(Random random, Layer<T> layer)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        foreach (Parameter<T> parameter in layer.Parameters)
        {
            var values = new T[parameter.Count];
            Fill(random, values, 1 / Math.Sqrt(parameter.Columns));
            parameter.CopyFrom(values);
        }
    }
}
