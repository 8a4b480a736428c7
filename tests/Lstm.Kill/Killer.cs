using System.Diagnostics;
using System.Globalization;

namespace Lstm.Kill;

/// <summary>Starts trainings in processes of their own, kills them at random moments (SIGKILL), and goes on in this one.</summary>
public static class Killer
{
    /// <summary>Runs the trials.</summary>
    /// <param name="times">How many.</param>
    /// <param name="seed">The moments follow from it, as shares of the time that a whole training takes.</param>
    /// <param name="output">Is told of each trial.</param>
    /// <returns>What came of each.</returns>
    public static IReadOnlyList<Trial> Run(int times, int seed, TextWriter output)
    {
        string folder = Directory.CreateTempSubdirectory("lstm-kill-").FullName;
        try
        {
            string whole = Victim.Train(checkpoint: null).Bits;
            TimeSpan duration = Duration(Path.Combine(folder, "whole"), whole);
            output.WriteLine(Invariant($"# a whole training takes {duration.TotalMilliseconds:F0} ms in its process"));
            var random = new Random(seed);
            var trials = new List<Trial>();
            for (int n = 0; n < times; n++)
            {
                Trial trial = Try(Path.Combine(folder, $"{n}"), duration * random.NextDouble(), whole);
                trials.Add(trial);
                string end = trial.WasKilled ? "killed" : "had ended";
                output.WriteLine(Invariant(
                    $"{n} {trial.Milliseconds:F1} ms {end}, went on from step {trial.ResumedAtStep}: {trial.Problem ?? "the same bits"}"));
            }

            output.WriteLine($"# {trials.Count(trial => trial.IsRight)} of {times} right, {trials.Count(trial => trial.WasKilled)} killed");
            return trials;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Trial Try(string checkpoint, TimeSpan moment, string whole)
    {
        using Process process = Start(checkpoint);
        Thread.Sleep(moment);
        bool wasRunning = !process.HasExited;
        process.Kill();
        process.WaitForExit();
        try
        {
            (string bits, long step) = Victim.Train(checkpoint);
            return new(moment.TotalMilliseconds, wasRunning, step, bits == whole, bits == whole ? null : "other bits");
        }
        catch (Exception exception)
        {
            return new(moment.TotalMilliseconds, wasRunning, 0, false, exception.Message);
        }
    }

    private static TimeSpan Duration(string checkpoint, string whole)
    {
        using Process process = Start(checkpoint);
        var clock = Stopwatch.StartNew();
        string bits = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return bits == whole
            ? clock.Elapsed
            : throw new InvalidOperationException($"A training in a process of its own ended with '{bits}', not with {whole}.");
    }

    /// <summary>Starts a training and waits for its first step.</summary>
    private static Process Start(string checkpoint)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            ArgumentList = { "exec", Path.Combine(AppContext.BaseDirectory, "Lstm.Kill.dll"), Victim.Command, checkpoint },
        };
        Process process = Process.Start(start)!;
        string? line = process.StandardOutput.ReadLine();
        if (line?.StartsWith(Victim.Started, StringComparison.Ordinal) != true)
        {
            process.Kill();
            throw new InvalidOperationException($"The training did not start, but said '{line}'.");
        }

        return process;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
