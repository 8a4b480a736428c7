using Lstm.Benchmarks.Measuring;
using Lstm.Benchmarks.Reports;

namespace Lstm.Benchmarks.Peers;

/// <summary>Measures contenders shape by shape, prints a line for each, and at the end a table for a readme.</summary>
internal sealed class Race
{
    private readonly IReadOnlyList<Shape> _shapes;
    private readonly Func<IContender, Shape, Effort, Times> _measure;
    private readonly IReadOnlyList<(string Heading, Func<Times, double?> Of)> _figures;

    private Race(
        IReadOnlyList<Shape> shapes,
        Func<IContender, Shape, Effort, Times> measure,
        params IReadOnlyList<(string Heading, Func<Times, double?> Of)> figures)
    {
        (_shapes, _measure, _figures) = (shapes, measure, figures);
    }

    /// <summary>Inference and training, in milliseconds.</summary>
    public static Race OfPasses(IReadOnlyList<Shape> shapes) => new(
        shapes,
        (contender, shape, effort) => contender.Pass(shape, effort),
        ("inference, ms", times => times.Inference),
        ("training, ms", times => times.Training));

    /// <summary>Single steps of one sequence, in microseconds.</summary>
    public static Race OfSteps(IEnumerable<int> hiddenUnits) => new(
        [.. hiddenUnits.Select(Shape.Step)],
        (contender, shape, effort) => contender.Step(shape, effort),
        ("a step, µs", times => times.Inference * 1e3));

    /// <summary>Runs the race; the first contender is the one that is compared with the best of the others.</summary>
    public void Run(IReadOnlyList<IContender> contenders, Effort effort, int rounds, TextWriter output)
    {
        var results = new List<Times[]>();
        foreach (Shape shape in _shapes)
        {
            var measures = new Func<Effort, Times>[contenders.Count];
            for (int n = 0; n < measures.Length; n++)
            {
                IContender contender = contenders[n];
                measures[n] = share => _measure(contender, shape, share);
            }

            Times[] times = Turns.Best(measures, effort, rounds);
            for (int n = 0; n < times.Length; n++)
            {
                string figures = string.Join(' ', _figures.Select(figure => Text(figure.Of(times[n]))));
                output.WriteLine($"{shape} {contenders[n].Name} {figures}");
            }

            results.Add(times);
        }

        output.WriteLine();
        WriteTable(contenders, results, output);
    }

    private void WriteTable(IReadOnlyList<IContender> contenders, List<Times[]> results, TextWriter output)
    {
        string[] headings = [.. _figures.SelectMany(figure => (string[])[figure.Heading, "best peer", "times as fast"])];
        var table = new MarkdownTable(["T B I H", .. headings]);
        List<double>[] ratios = [.. _figures.Select(_ => new List<double>())];
        for (int row = 0; row < results.Count; row++)
        {
            List<string> cells = [_shapes[row].ToString()];
            for (int n = 0; n < _figures.Count; n++)
            {
                Func<Times, double?> figure = _figures[n].Of;
                double own = figure(results[row][0])!.Value;
                cells.Add(Figures.Short(own));
                if (BestPeer(contenders, results[row], figure) is { } best)
                {
                    ratios[n].Add(best.Time / own);
                    cells.AddRange([$"{Figures.Short(best.Time)} {best.Name}", Figures.Short(best.Time / own)]);
                }
                else
                {
                    cells.AddRange(["-", "-"]);
                }
            }

            table.Add(cells);
        }

        table.Add(["median", .. ratios.SelectMany(some => (string[])[string.Empty, string.Empty, Median(some)])]);
        table.Write(output);
    }

    private static (string Name, double Time)? BestPeer(
        IReadOnlyList<IContender> contenders, Times[] times, Func<Times, double?> figure)
    {
        (string Name, double Time)? best = null;
        for (int n = 1; n < times.Length; n++)
        {
            if (figure(times[n]) is { } time && !(time >= best?.Time))
            {
                best = (contenders[n].Name, time);
            }
        }

        return best;
    }

    private static string Text(double? figure) => figure is { } value ? Figures.Plain(value) : "-";

    private static string Median(List<double> values)
    {
        if (values.Count == 0)
        {
            return "-";
        }

        double[] sorted = [.. values.Order()];
        return Figures.Short((sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2);
    }
}
