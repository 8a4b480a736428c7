namespace Lstm.Tasks;

/// <summary>What came of all seeds of a task.</summary>
/// <param name="Task">The task.</param>
/// <param name="Trials">A trial for each seed.</param>
public sealed record TaskResult(LearningTask Task, IReadOnlyList<Trial> Trials)
{
    /// <summary>The least share of the seeds that must have learnt the task.</summary>
    private const double LeastShare = 0.9;

    /// <summary>The largest share of the test sequences that a network may have wrong which learnt the task.</summary>
    private const double MostWrong = 0.01;

    /// <summary>The sequences of the seeds that learnt the task, the fewest first.</summary>
    public IReadOnlyList<int> Sequences { get; } =
        [.. Trials.Where(trial => trial.Wrong <= MostWrong * Task.TestSequences).Select(trial => trial.Sequences).OfType<int>().Order()];

    /// <summary>The median over all seeds, those that failed taken as the largest; null if it is one of them.</summary>
    public double? Median => Trials.Count / 2 < Sequences.Count
        ? (Sequences[(Trials.Count - 1) / 2] + Sequences[Trials.Count / 2]) / 2.0
        : null;

    /// <summary>Whether nine seeds of ten learnt the task, in the median from no more sequences than the paper reports.</summary>
    public bool Passed => Sequences.Count >= LeastShare * Trials.Count && Median <= Task.PublishedSequences;

    /// <summary>Lets networks learn tasks, each from several seeds.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="seeds">The number of seeds, from 1 on.</param>
    /// <param name="threads">The most that learn at the same time. It makes no difference to what comes out.</param>
    /// <returns>A result for each task.</returns>
    public static IReadOnlyList<TaskResult> Run(IReadOnlyList<LearningTask> tasks, int seeds, int threads)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        var trials = new Trial[tasks.Count * seeds];
        Parallel.For(
            0,
            trials.Length,
            new ParallelOptions { MaxDegreeOfParallelism = threads },
            n => trials[n] = tasks[n / seeds].Run((n % seeds) + 1));
        return [.. tasks.Select((task, n) => new TaskResult(task, trials[(n * seeds)..((n + 1) * seeds)]))];
    }
}
