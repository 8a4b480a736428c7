using System.CommandLine;
using Lstm.Benchmarks.Measuring;
using Lstm.Benchmarks.Reports;

namespace Lstm.Benchmarks.Commands;

/// <summary><c>stream</c>: one step of one sequence, called again and again.</summary>
internal static class StreamCommand
{
    public static Command Create(TextWriter output)
    {
        Option<IReadOnlyList<int>> hidden = Options.Hidden();
        Option<int> threads = Options.Threads();
        Option<Type> element = Options.Element();
        Option<double> seconds = Options.Seconds();
        var command = new Command("stream", "Prints 1 1 I H lstm MICROSECONDS_A_STEP for each number of hidden units")
        {
            hidden, threads, element, seconds,
        };
        command.SetAction(result => Run(
            new LstmTimer(result.GetRequiredValue(element), result.GetRequiredValue(threads)),
            result.GetRequiredValue(hidden),
            Effort.Of(result.GetRequiredValue(seconds)),
            output));
        return command;
    }

    private static void Run(LstmTimer timer, IReadOnlyList<int> hidden, Effort effort, TextWriter output)
    {
        foreach (Shape shape in hidden.Select(Shape.Step))
        {
            output.WriteLine($"{shape} lstm {Figures.Plain(timer.StepTimes(shape, effort).Inference * 1e3)}");
        }
    }
}
