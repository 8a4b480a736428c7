using Lstm.Data;

namespace Lstm.Models;

/// <summary>
/// What a <see cref="SequenceForecaster{T}"/> does to a series before its network sees it, and takes back from what it foresees:
/// as its options say, and where they leave it open, as the series that it first learnt from.
/// </summary>
/// <param name="Season">The steps of a season; 1 for none.</param>
/// <param name="Logarithm">Whether it takes logarithms.</param>
/// <param name="SeasonalDifference">Whether it then takes from each step the one a season before it.</param>
/// <param name="Difference">Whether it then takes from each step the one before it.</param>
public sealed record SeriesPreparation(int Season, bool Logarithm, bool SeasonalDifference, bool Difference)
{
    /// <summary>The steps at the start of a series that have no differences.</summary>
    internal int Skipped => (SeasonalDifference ? Season : 0) + (Difference ? 1 : 0);

    /// <summary>Says what is done.</summary>
    /// <returns>The season, the logarithms and the differences.</returns>
    public override string ToString()
    {
        string[] done =
        [
            .. Logarithm ? ["logarithms"] : Array.Empty<string>(),
            .. SeasonalDifference ? ["seasonal differences"] : Array.Empty<string>(),
            .. Difference ? ["differences"] : Array.Empty<string>(),
        ];
        return $"{(Season > 1 ? $"a season of {Season} steps" : "no season")}, "
            + (done.Length == 0 ? "no logarithms or differences" : string.Join(", ", done));
    }

    /// <summary>Chooses for some series together: what the options leave open is done if it is right for more than half of them.</summary>
    /// <param name="options">What is settled.</param>
    /// <param name="series">The series.</param>
    /// <param name="ends">How many of its first steps each is judged by.</param>
    /// <param name="room">How many steps differences may cost. What the options leave open keeps within it.</param>
    internal static SeriesPreparation Choose(
        SequenceForecasterOptions options, IReadOnlyList<TimeSeries> series, IReadOnlyList<int> ends, int room)
    {
        double[][] parts = [.. series.Select((one, n) => one.Values.Take(ends[n]).ToArray())];
        var chosen = new SeriesPreparation(options.Season ?? MostFrequent(parts), Logarithm: false, SeasonalDifference: false, Difference: false);
        int season = chosen.Season;
        chosen = chosen with
        {
            Logarithm = options.Logarithm
                ?? (series.All(one => one.Values.Min() > 0) && Most(parts, part => SeriesStatistics.FavoursLogarithm(part, season))),
        };
        double[][] levels = Changes();
        chosen = chosen with
        {
            SeasonalDifference = options.SeasonalDifference
                ?? (season <= room - (options.Difference == true ? 1 : 0) && Most(levels, NeedsSeasonalDifference)),
        };
        Guard.Shape(
            !chosen.SeasonalDifference || season > 1, "of a season, for seasonal differences", "without one; set Season", nameof(series));
        double[][] changes = Changes();
        return chosen with
        {
            Difference = options.Difference
                ?? (chosen.Skipped < room && 2 * changes.Where((change, n) => HasNoLevel(change, levels[n])).Count() > changes.Length),
        };

        bool NeedsSeasonalDifference(double[] level)
        {
            (double strength, double[] adjusted) = SeriesStatistics.Decompose(level, season);
            return strength >= SeriesStatistics.StrongSeason && (2 * season > options.Window || HasNoLevel(adjusted, level));
        }

        static bool HasNoLevel(double[] change, double[] level) =>
            SeriesStatistics.Kpss(change, SeriesStatistics.Size(level)) > SeriesStatistics.KpssCritical;

        double[][] Changes() =>
            [.. parts.Select(part => new SeriesTransform(part, chosen, nameof(series)).Change[Math.Min(chosen.Skipped, part.Length)..])];
    }

    private static bool Most(double[][] parts, Predicate<double[]> holds) => 2 * parts.Count(part => holds(part)) > parts.Length;

    /// <summary>The period that most of the series have; the shortest of those that as many have.</summary>
    private static int MostFrequent(double[][] parts) => parts
        .GroupBy(part => SeriesStatistics.Period(part))
        .OrderByDescending(alike => alike.Count())
        .ThenBy(alike => alike.Key)
        .First().Key;
}
