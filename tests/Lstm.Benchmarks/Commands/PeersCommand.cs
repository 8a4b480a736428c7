using System.CommandLine;
using Lstm.Benchmarks.Measuring;
using Lstm.Benchmarks.Peers;

namespace Lstm.Benchmarks.Commands;

/// <summary><c>peers</c>: this library beside those at hand on this machine.</summary>
internal static class PeersCommand
{
    public static Command Create(TextWriter output)
    {
        Option<int> threads = Options.Threads();
        Option<IReadOnlyList<Shape>> shapes = Options.Shapes();
        Option<double> seconds = Options.Seconds();
        Option<int> rounds = Options.Rounds();
        var stream = new Option<bool>("--stream")
        {
            Description = "Measure single steps of one sequence: 1 1 I H NAME MICROSECONDS_A_STEP for each of --hidden",
        };
        Option<IReadOnlyList<int>> hidden = Options.Hidden();
        var command = new Command(
            "peers",
            "Prints T B I H NAME INFERENCE_MS TRAINING_MS for each shape, with PyTorch and ONNX Runtime, and a table")
        {
            threads, shapes, seconds, rounds, stream, hidden,
        };
        command.Validators.Add(result =>
        {
            bool steps = result.GetValue(stream);
            Option idle = steps ? shapes : hidden;
            if (result.GetResult(idle) is { Implicit: false })
            {
                result.AddError($"{idle.Name} cannot be used {(steps ? "with" : "without")} {stream.Name}.");
            }
        });
        command.SetAction(result => Run(
            result.GetRequiredValue(threads),
            result.GetValue(stream)
                ? Race.OfSteps(result.GetRequiredValue(hidden))
                : Race.OfPasses(result.GetRequiredValue(shapes)),
            Effort.Of(result.GetRequiredValue(seconds)),
            result.GetRequiredValue(rounds),
            output));
        return command;
    }

    private static void Run(int threads, Race race, Effort effort, int rounds, TextWriter output)
    {
        output.WriteLine($"# {Machine.Describe(typeof(float), threads)}");
        var contenders = new List<IContender> { new LstmContender(threads) };
        try
        {
            foreach (PeerScript script in PeerScript.All)
            {
                Add(script, threads, contenders, output);
            }

            race.Run(contenders, effort, rounds, output);
        }
        finally
        {
            foreach (IDisposable peer in contenders.OfType<IDisposable>())
            {
                peer.Dispose();
            }
        }
    }

    /// <summary>Starts a peer, or says why it cannot be and how to install it.</summary>
    private static void Add(PeerScript script, int threads, List<IContender> contenders, TextWriter output)
    {
        try
        {
            ScriptContender peer = ScriptContender.Start(script, threads);
            contenders.Add(peer);
            output.WriteLine($"# {peer.Name} {peer.Version}");
        }
        catch (PeerException exception)
        {
            output.WriteLine($"# {script.Name} is missing: {exception.Message}");
            output.WriteLine($"# To install it: {script.Install}");
        }
    }
}
