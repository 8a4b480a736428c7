using System.CommandLine;
using Samples.Common;

namespace Addition;

/// <summary>The command line.</summary>
public static class AdditionCommand
{
    /// <summary>Runs the program.</summary>
    /// <param name="args">The options.</param>
    /// <param name="output">Where the progress goes.</param>
    /// <param name="error">Where it says what went wrong.</param>
    /// <returns>0, or 1 if training failed, 2 if an option or a file is bad.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var defaults = new AdditionOptions();
        Option<string?> file = CommandLine.Path("--file", "A file of lines as '16+75  _91  '; sums are made if not given");
        Option<int> examples = CommandLine.Number("--examples", "The sums to make", defaults.Examples, 2, 500_000);
        Option<bool> reverse = CommandLine.Switch("--reverse", "Whether the question is read from its end", defaults.Reverse);
        Option<bool> peeky = CommandLine.Switch("--peeky", "Whether the decoder sees the encoder's last state at every step", defaults.Peeky);
        Option<int> embedding = CommandLine.Number("--embedding", "The numbers that stand for a character", defaults.Embedding, 1, 4096);
        Option<int> hidden = CommandLine.Number("--hidden", "The hidden units", defaults.Hidden, 1, 4096);
        Option<int> batch = CommandLine.Number("--batch", "The sums in a batch", defaults.Batch, 1, 100_000);
        Option<int> epochs = CommandLine.Number("--epochs", "The epochs", defaults.Epochs, 1, 1_000_000);
        Option<double> rate = CommandLine.Number("--learning-rate", "Adam's learning rate", defaults.LearningRate, 0, 1e100);
        Option<bool> decay = CommandLine.Switch("--decay", "Whether the learning rate falls along a cosine to zero", defaults.Decay);
        Option<double> clip = CommandLine.Number("--clip", "The gradients' norm is clipped at this", defaults.Clip, 1e-6, 1e100);
        Option<double> heldBack = CommandLine.Number("--held-back", "The share of the sums that is held back", defaults.HeldBack, 0, 0.9);
        Option<int> seed = CommandLine.Number("--seed", "The seed of the sums and the weights", defaults.Seed, int.MinValue, int.MaxValue);
        Option<int> threads = CommandLine.Number("--threads", "The most threads", defaults.Threads, 1, 1024);
        Option<string?> save = CommandLine.Path("--save", "The file to save the model in");
        var command = new RootCommand("Learns to add numbers of up to three digits, written as text.")
        {
            file, examples, reverse, peeky, embedding, hidden, batch, epochs, rate, decay, clip, heldBack, seed, threads, save,
        };
        command.SetAction(result =>
        {
            var training = new AdditionTraining(
                new AdditionOptions
                {
                    File = result.GetValue(file),
                    Examples = result.GetRequiredValue(examples),
                    HeldBack = result.GetRequiredValue(heldBack),
                    Reverse = result.GetRequiredValue(reverse),
                    Peeky = result.GetRequiredValue(peeky),
                    Embedding = result.GetRequiredValue(embedding),
                    Hidden = result.GetRequiredValue(hidden),
                    Batch = result.GetRequiredValue(batch),
                    Epochs = result.GetRequiredValue(epochs),
                    LearningRate = result.GetRequiredValue(rate),
                    Decay = result.GetRequiredValue(decay),
                    Clip = result.GetRequiredValue(clip),
                    Seed = result.GetRequiredValue(seed),
                    Threads = result.GetRequiredValue(threads),
                    Save = result.GetValue(save),
                },
                output);
            training.Train();
            return CommandLine.Right;
        });
        return CommandLine.Run(command, args, output, error);
    }
}
