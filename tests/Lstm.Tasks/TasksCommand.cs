using System.CommandLine;
using System.Diagnostics;
using Samples.Common;

namespace Lstm.Tasks;

/// <summary>The command line.</summary>
public static class TasksCommand
{
    private const int Passed = 0;
    private const int Failed = 1;

    /// <summary>Runs the program.</summary>
    /// <param name="args">The options.</param>
    /// <param name="output">Where the table goes.</param>
    /// <param name="error">Where it says which option is bad.</param>
    /// <returns>0 if all tasks were learnt as well as in the papers, 1 if one was not, 2 if an option is bad.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        string[] names = [.. LearningTask.All.Select(task => task.Name)];
        var name = new Option<string?>("--task") { Description = "One task alone: " + string.Join(", ", names) };
        name.AcceptOnlyFromAmong(names);
        Option<int> seeds = CommandLine.Number("--seeds", "The seeds of each task, from 1 on", 10, 1, 10_000);
        Option<int> threads = CommandLine.Number("--threads", "The most seeds at the same time", Environment.ProcessorCount, 1, 1024);
        var command = new RootCommand("Lets networks learn the tasks of the first papers on LSTM, and counts the sequences that they need.")
        {
            name, seeds, threads,
        };
        command.SetAction(result =>
        {
            long start = Stopwatch.GetTimestamp();
            IReadOnlyList<LearningTask> tasks = [.. LearningTask.All.Where(task => result.GetValue(name) is not string one || task.Name == one)];
            IReadOnlyList<TaskResult> results = TaskResult.Run(tasks, result.GetRequiredValue(seeds), result.GetRequiredValue(threads));
            TaskTable.Write(results, output);
            output.WriteLine();
            foreach (TaskResult failed in results.Where(item => !item.Passed))
            {
                output.WriteLine($"{failed.Task.Name}: fewer than 9 of 10 seeds learnt it, or they needed more than {failed.Task.PublishedSequences:N0} sequences");
            }

            output.WriteLine($"{results.Count(item => item.Passed)} of {results.Count} tasks learnt, in {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s");
            return results.All(item => item.Passed) ? Passed : Failed;
        });
        return CommandLine.Run(command, args, output, error);
    }
}
