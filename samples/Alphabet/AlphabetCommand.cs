using System.CommandLine;
using Samples.Common;

namespace Alphabet;

/// <summary>The command line.</summary>
public static class AlphabetCommand
{
    /// <summary>Runs the program.</summary>
    /// <param name="args">The options.</param>
    /// <param name="output">Where the progress and the text go.</param>
    /// <param name="error">Where it says what went wrong.</param>
    /// <returns>0 if every character is right, 1 if not or if training failed, 2 if an option is bad.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var defaults = new AlphabetOptions();
        Option<string> text = CommandLine.Text("--text", "The text to learn, seven times over", defaults.Text);
        Option<int> length = CommandLine.Number("--length", "The characters to continue its first character for", defaults.Length, 1, 1_000_000);
        Option<int> seed = CommandLine.Number("--seed", "The seed of the weights", defaults.Seed, int.MinValue, int.MaxValue);
        Option<int> hidden = CommandLine.Number("--hidden", "The hidden units", defaults.Hidden, 1, 4096);
        Option<int> window = CommandLine.Number("--window", "The steps of a window", defaults.Window, 1, 10_000);
        Option<int> epochs = CommandLine.Number("--epochs", "The most epochs to train for", defaults.Epochs, 1, 1_000_000);
        Option<double> target = CommandLine.Number("--target-loss", "The loss at which to stop", defaults.TargetLoss, 0, 100);
        Option<double> rate = CommandLine.Number("--learning-rate", "The learning rate", defaults.LearningRate, 0, 1e100);
        Option<double> momentum = CommandLine.Number("--momentum", "The momentum", defaults.Momentum, 0, 0.999);
        Option<int> threads = CommandLine.Number("--threads", "The most threads", defaults.Threads, 1, 1024);

        var command = new RootCommand("Trains an LSTM on a text that repeats itself, and lets it continue the text.")
        {
            text, length, seed, hidden, window, epochs, target, rate, momentum, threads,
        };
        command.SetAction(result =>
        {
            var training = new AlphabetTraining(
                new AlphabetOptions
                {
                    Text = result.GetRequiredValue(text),
                    Length = result.GetRequiredValue(length),
                    Seed = result.GetRequiredValue(seed),
                    Hidden = result.GetRequiredValue(hidden),
                    Window = result.GetRequiredValue(window),
                    Epochs = result.GetRequiredValue(epochs),
                    TargetLoss = result.GetRequiredValue(target),
                    LearningRate = result.GetRequiredValue(rate),
                    Momentum = result.GetRequiredValue(momentum),
                    Threads = result.GetRequiredValue(threads),
                },
                output);
            training.Train();
            return training.Continue() ? CommandLine.Right : CommandLine.Wrong;
        });
        return CommandLine.Run(command, args, output, error);
    }
}
