using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace Lstm.Benchmarks.Commands;

/// <summary>The command line.</summary>
internal static class BenchmarkCommand
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int BadUsage = 2;

    /// <summary>Runs the program.</summary>
    /// <returns>0 if it measured what was asked for, 1 if that failed, 2 if an option is bad.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var root = new RootCommand("Measures the LSTM: plain lines and tables in a minute, or BenchmarkDotNet.")
        {
            GridCommand.Create(output),
            StreamCommand.Create(output),
            ScaleCommand.Create(output),
            PeakCommand.Create(output),
            PeersCommand.Create(output),
            OnnxCommand.Create(output, error),
            BenchmarkDotNet(),
        };
        ParseResult result = root.Parse(args);
        if (result.Action is ParseErrorAction)
        {
            foreach (ParseError problem in result.Errors)
            {
                error.WriteLine(problem.Message);
            }

            error.WriteLine("--help shows the commands and their options.");
            return BadUsage;
        }

        return result.Invoke(new InvocationConfiguration { Output = output, Error = error });
    }

    private static Command BenchmarkDotNet()
    {
        var command = new Command("bdn", "Runs the BenchmarkDotNet classes by its arguments, such as --filter '*Step*'")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(result =>
        {
            var switcher = BenchmarkSwitcher.FromAssembly(typeof(BenchmarkCommand).Assembly);
            IEnumerable<Summary> summaries = switcher.Run([.. result.UnmatchedTokens]);
            return summaries.All(Succeeded) ? Done : Failed;
        });
        return command;
    }

    private static bool Succeeded(Summary summary) =>
        !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success);
}
