using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Lstm.Benchmarks.Measuring;

namespace Lstm.Benchmarks.Peers;

/// <summary>
/// A peer behind a script that lives as long as this object. The script says <c>ready VERSION</c>; then each line
/// <c>pass|step T B I H SECONDS RUNS</c> is answered by <c>INFERENCE_MS TRAINING_MS</c>, with <c>-</c> where it cannot
/// train. At the end of its input it ends.
/// </summary>
internal sealed class ScriptContender : IContender, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private string _problem = "The script ended without saying why.";

    private ScriptContender(string name, Process process)
    {
        (Name, _process) = (name, process);
        process.ErrorDataReceived += (_, line) => _problem = IsError(line.Data) ? line.Data! : _problem;
        process.BeginErrorReadLine();
        try
        {
            Version = Answer()["ready ".Length..];
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Name { get; }

    /// <summary>The peer's version.</summary>
    public string Version { get; }

    /// <summary>Starts a peer with the first of its programs that can.</summary>
    /// <exception cref="PeerException">None can; the message says why.</exception>
    public static ScriptContender Start(PeerScript script, int threads)
    {
        string problem = string.Empty;
        foreach (string program in script.Programs)
        {
            try
            {
                var start = new ProcessStartInfo(program, [script.Path, "--threads", $"{threads}"])
                {
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                };
                return new ScriptContender(script.Name, Process.Start(start)!);
            }
            catch (Exception exception) when (exception is Win32Exception or PeerException)
            {
                // A program that has begun knows more than one that is not there.
                problem = exception is PeerException || problem.Length == 0 ? exception.Message : problem;
            }
        }

        throw new PeerException(problem);
    }

    public Times Pass(Shape shape, Effort effort) => Ask("pass", shape, effort);

    public Times Step(Shape shape, Effort effort) => Ask("step", shape, effort);

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(Patience))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private Times Ask(string what, Shape shape, Effort effort)
    {
        _process.StandardInput.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{what} {shape} {effort.Seconds} {effort.Runs}"));
        string[] words = Answer().Split(' ');
        return new Times(Number(words[0]), words[1] == "-" ? null : Number(words[1]));
    }

    private string Answer()
    {
        if (_process.StandardOutput.ReadLine() is { } line)
        {
            return line;
        }

        // The last of what it said is read before it counts as gone.
        _process.WaitForExit();
        throw new PeerException(_problem);
    }

    /// <summary>Whether a line names an exception, as Python's and Node.js's do that end a script.</summary>
    private static bool IsError(string? line) => line?.Split(' ', ':')[0].EndsWith("Error", StringComparison.Ordinal) == true;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
