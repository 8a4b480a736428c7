namespace Forecasting.Svg;

/// <summary>An axis: numbers from a lowest to a highest, onto a length in the picture, with round numbers as its ticks.</summary>
public sealed class Scale
{
    /// <summary>As many ticks as there is room for, at most.</summary>
    private const int MostTicks = 8;

    private readonly double _low;
    private readonly double _high;
    private readonly double _from;
    private readonly double _to;

    private Scale(double low, double high, double from, double to, double step)
    {
        (_low, _high, _from, _to, Step) = (low, high, from, to, step);
        int first = (int)Math.Ceiling((low / step) - 1e-9);
        int last = (int)Math.Floor((high / step) + 1e-9);
        Ticks = [.. Enumerable.Range(first, last - first + 1).Select(n => n * step)];
    }

    /// <summary>How far apart the ticks are: 1, 2 or 5 times a power of ten.</summary>
    public double Step { get; }

    /// <summary>The round numbers on the axis.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>The decimals that the ticks need.</summary>
    public int Decimals => Math.Max(0, (int)Math.Ceiling(-Math.Log10(Step) - 1e-9));

    /// <summary>An axis that ends at round numbers beyond the lowest and the highest.</summary>
    public static Scale Round(double low, double high, double from, double to)
    {
        (low, high) = Apart(low, high);
        double step = NiceStep((high - low) / MostTicks, 0);
        return new Scale(Math.Floor(low / step) * step, Math.Ceiling(high / step) * step, from, to, step);
    }

    /// <summary>An axis of whole numbers that ends where they do, with ticks at multiples of a unit.</summary>
    public static Scale Whole(int low, int high, double from, double to, int unit)
    {
        (double least, double most) = Apart(low, high);
        return new Scale(least, most, from, to, unit * NiceStep((most - least) / unit / MostTicks, 1));
    }

    /// <summary>Where a number is in the picture.</summary>
    public double At(double value) => _from + ((value - _low) / (_high - _low) * (_to - _from));

    private static (double Low, double High) Apart(double low, double high) => high > low ? (low, high) : (low - 1, high + 1);

    private static double NiceStep(double least, double smallest)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        double step = new[] { 1, 2, 5, 10 }.Select(factor => factor * power).First(candidate => candidate >= least * (1 - 1e-9));
        return Math.Max(step, smallest);
    }
}
