using Lstm.Layers;

namespace Lstm.Tests.Support;

/// <summary>
/// The layouts of Stanford's CS231n assignments: weights are (inputs, 4H) in row-major order with the gates in blocks i, f,
/// o, g, sequences are (batch, steps, features).
/// </summary>
internal static class Cs231n
{
    /// <summary>Where the four gates i, f, g, o stand in i, f, o, g.</summary>
    private static readonly int[] Blocks = [0, 1, 3, 2];

    /// <summary>numpy.linspace: both ends are included.</summary>
    public static double[] Linspace(double first, double last, int count) =>
        [.. Enumerable.Range(0, count).Select(n => first + ((last - first) * n / (count - 1)))];

    public static LstmLayer<double> Layer(int inputs, int units, double[] wx, double[] wh, double[] b)
    {
        var layer = new LstmLayer<double>(inputs, units);
        Set(layer.InputWeights, units, wx);
        Set(layer.RecurrentWeights, units, wh);
        Set(layer.Bias, units, b);
        return layer;
    }

    public static Sequence<double> BatchFirst(int batch, int steps, int features, double[] values)
    {
        var sequence = new Sequence<double>(steps, batch, features);
        for (int n = 0; n < values.Length; n++)
        {
            sequence[n / features % steps, n / features / steps, n % features] = values[n];
        }

        return sequence;
    }

    private static void Set(Parameter<double> parameter, int units, double[] values)
    {
        for (int row = 0; row < 4 * units; row++)
        {
            int theirs = (Blocks[row / units] * units) + (row % units);
            for (int column = 0; column < parameter.Value.ColumnCount; column++)
            {
                parameter.Value[row, column] = values[(column * 4 * units) + theirs];
            }
        }
    }
}
