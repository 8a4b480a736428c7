using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace Lstm.Fuzz;

/// <summary>The command line.</summary>
public static class FuzzCommand
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int BadUsage = 2;

    private static Command Write()
    {
        var folder = new Argument<DirectoryInfo>("folder") { Description = "Where they are written" };
        var command = new Command("write", "Writes the files of which a script beside them proves that PyTorch loads them") { folder };
        command.SetAction(result => WrittenCase.WriteAll(result.GetRequiredValue(folder).FullName));
        return command;
    }

    /// <summary>Runs the program.</summary>
    /// <returns>0 if every file was read or refused as it should be, 1 if one was not, 2 if an option is bad.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var kind = new Option<string>("--kind") { Description = "Files of one kind only: " + string.Join(", ", FileKind.All.Select(item => item.Name)) };
        kind.AcceptOnlyFromAmong([.. FileKind.All.Select(item => item.Name)]);
        var count = new Option<int>("--count") { Description = "Mutations of each kind", DefaultValueFactory = _ => 200_000 };
        var seed = new Option<int>("--seed") { Description = "The mutations follow from it", DefaultValueFactory = _ => 1 };
        count.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < 1)
            {
                result.AddError("--count must be at least 1.");
            }
        });
        var root = new RootCommand("Mutates files of weights, and checks that each is read, or refused with the documented exception, within bounds.")
        {
            kind, count, seed, Write(),
        };
        root.SetAction(result =>
        {
            bool passed = true;
            foreach (FileKind item in FileKind.All.Where(item => result.GetValue(kind) is not string name || item.Name == name))
            {
                FuzzReport report = FuzzRun.Run(item, result.GetValue(count), result.GetValue(seed));
                output.WriteLine(report);
                passed &= report.Failure is null;
            }

            return passed ? Done : Failed;
        });
        ParseResult parsed = root.Parse(args);
        if (parsed.Action is ParseErrorAction)
        {
            foreach (ParseError problem in parsed.Errors)
            {
                error.WriteLine(problem.Message);
            }

            error.WriteLine("--help shows the options.");
            return BadUsage;
        }

        return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error });
    }
}
