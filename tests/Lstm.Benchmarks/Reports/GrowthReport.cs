using Lstm.Benchmarks.Measuring;

namespace Lstm.Benchmarks.Reports;

/// <summary>
/// Nanoseconds for each step of each sequence, over the number of steps and of sequences: all alike where time grows in
/// proportion to both.
/// </summary>
internal static class GrowthReport
{
    private const int HiddenUnits = 128;

    /// <summary>The least runs of a cell: the large ones take seconds each, and vary little.</summary>
    private const int Runs = 2;

    /// <summary>
    /// Numbers for each step, sequence and hidden unit: input, output, their gradients, and what training keeps.
    /// </summary>
    private const int NumbersPerUnit = 12;

    private static readonly int[] Steps = [16, 64, 256, 1024, 4096];
    private static readonly int[] Batches = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

    public static void Write(LstmTimer timer, Type element, Effort effort, TextWriter output)
    {
        string[] headings = ["T", .. Batches.Select(batch => $"B = {batch}")];
        var inference = new MarkdownTable(headings);
        var training = new MarkdownTable(headings);
        effort = effort with { Runs = Runs };
        foreach (int steps in Steps)
        {
            Times?[] row = [.. Batches.Select(batch => Measure(timer, element, steps, batch, effort))];
            inference.Add([$"{steps}", .. row.Select(times => Cell(times?.Inference))]);
            training.Add([$"{steps}", .. row.Select(times => Cell(times?.Training))]);
        }

        output.WriteLine($"Inference, nanoseconds a step and sequence, I = H = {HiddenUnits}:");
        output.WriteLine();
        inference.Write(output);
        output.WriteLine($"Training, nanoseconds a step and sequence, I = H = {HiddenUnits}:");
        output.WriteLine();
        training.Write(output);
    }

    /// <summary>The times for one step of one sequence; null if the memory would not do.</summary>
    private static Times? Measure(LstmTimer timer, Type element, int steps, int batch, Effort effort)
    {
        long size = element == typeof(float) ? sizeof(float) : sizeof(double);
        long bytes = (long)steps * batch * HiddenUnits * NumbersPerUnit * size;
        if (bytes > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2)
        {
            return null;
        }

        Times times = timer.PassTimes(new Shape(steps, batch, HiddenUnits, HiddenUnits), effort);
        return new Times(times.Inference / steps / batch, times.Training / steps / batch);
    }

    private static string Cell(double? milliseconds) =>
        milliseconds is { } some ? Figures.Short(some * 1e6) : "too large";
}
