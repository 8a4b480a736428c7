namespace Lstm.Data;

/// <summary>A series of numbers at even steps, and what is known beside it.</summary>
public sealed record TimeSeries
{
    /// <summary>Makes a series.</summary>
    /// <param name="values">The numbers, the oldest first; finite, at least one. They are copied.</param>
    /// <param name="known">
    /// Further series that are known beforehand, for the steps to be forecast as well: prices that are set, holidays. All of
    /// the same length, and finite. They are copied; none if null.
    /// </param>
    /// <exception cref="ArgumentNullException">The numbers or one of the further series is null.</exception>
    /// <exception cref="ArgumentException">
    /// There are no numbers, one is not finite, or a further series is shorter than the numbers or than another.
    /// </exception>
    public TimeSeries(IReadOnlyList<double> values, IReadOnlyList<IReadOnlyList<double>>? known = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        Guard.Shape(values.Count > 0, "of at least one number", "empty", nameof(values));
        CheckFinite([.. values], nameof(values));
        foreach (IReadOnlyList<double> further in known ?? [])
        {
            ArgumentNullException.ThrowIfNull(further, nameof(known));
            Guard.Shape(
                further.Count >= values.Count && further.Count == known![0].Count,
                $"series of one length, at least {values.Count}",
                $"one of {further.Count}",
                nameof(known));
            CheckFinite([.. further], nameof(known));
        }

        Values = [.. values];
        Known = known is null ? [] : [.. known.Select(further => further.ToArray())];
    }

    /// <summary>The numbers, the oldest first.</summary>
    public IReadOnlyList<double> Values { get; }

    /// <summary>The further series that are known beforehand; may be none.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Known { get; }

    /// <summary>The series as it was after its first steps, with all that is known beforehand.</summary>
    /// <param name="steps">How many steps; from 1 to as many as there are.</param>
    /// <returns>The beginning of the series.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its range.</exception>
    public TimeSeries First(int steps)
    {
        Guard.InRange(steps, 1, Values.Count);
        return new TimeSeries([.. Values.Take(steps)], Known);
    }

    /// <summary>Says what the series is, not what is in it.</summary>
    /// <returns>For example <c>TimeSeries of 240 steps, 2 known beside it</c>.</returns>
    public override string ToString() => $"TimeSeries of {Values.Count} steps, {Known.Count} known beside it";

    /// <summary>Refuses numbers of which one is NaN or infinite.</summary>
    internal static void CheckFinite(ReadOnlySpan<double> values, string name)
    {
        for (int n = 0; n < values.Length; n++)
        {
            Guard.Shape(double.IsFinite(values[n]), "of finite numbers", $"{values[n]} at step {n}", name);
        }
    }
}
