namespace Lstm.Tasks;

/// <summary>Writes results as a table for docs/tasks.md.</summary>
public static class TaskTable
{
    /// <summary>Writes the table.</summary>
    /// <param name="results">A line for each.</param>
    /// <param name="output">Where to.</param>
    public static void Write(IReadOnlyList<TaskResult> results, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(output);
        output.WriteLine("| task | weights | learnt | sequences, median | least | most | time steps, median | wrong in the test | published |");
        output.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
        foreach (TaskResult result in results)
        {
            LearningTask task = result.Task;
            IReadOnlyList<int> sequences = result.Sequences;
            long[] steps = [.. result.Trials.Select(trial => trial.Steps).Order()];
            string[] cells =
            [
                task.Name,
                $"{task.CreateNetwork(new Random(0)).ParameterCount:N0}",
                $"{sequences.Count} of {result.Trials.Count}",
                result.Median is double median ? $"{median:N0}" : "none",
                sequences.Count > 0 ? $"{sequences[0]:N0}" : "none",
                sequences.Count == result.Trials.Count ? $"{sequences[^1]:N0}" : "none",
                $"{(steps[(steps.Length - 1) / 2] + steps[steps.Length / 2]) / 2:N0}",
                $"at most {result.Trials.Max(trial => trial.Wrong)} of {task.TestSequences:N0}",
                task.Published,
            ];
            output.WriteLine($"| {string.Join(" | ", cells)} |");
        }
    }
}
