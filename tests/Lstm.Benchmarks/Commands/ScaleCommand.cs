using System.CommandLine;
using Lstm.Benchmarks.Measuring;
using Lstm.Benchmarks.Reports;

namespace Lstm.Benchmarks.Commands;

/// <summary><c>scale</c>: whether time grows in proportion, and what odd sizes cost.</summary>
internal static class ScaleCommand
{
    public static Command Create(TextWriter output)
    {
        Option<int> threads = Options.Threads();
        Option<Type> element = Options.Element();
        Option<double> seconds = Options.Seconds();
        Option<int> rounds = Options.Rounds();
        var command = new Command("scale", "Prints tables: time over steps and sequences, and the rate of odd sizes")
        {
            threads, element, seconds, rounds,
        };
        command.SetAction(result =>
        {
            Type type = result.GetRequiredValue(element);
            int threadCount = result.GetRequiredValue(threads);
            var timer = new LstmTimer(type, threadCount);
            Effort effort = Effort.Of(result.GetRequiredValue(seconds));
            output.WriteLine($"{Machine.Describe(type, threadCount)}.");
            output.WriteLine();
            GrowthReport.Write(timer, type, effort, output);
            OddSizesReport.Write(timer, effort, result.GetRequiredValue(rounds), output);
        });
        return command;
    }
}
