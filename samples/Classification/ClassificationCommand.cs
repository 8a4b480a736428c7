using System.CommandLine;
using Lstm.Models;
using Samples.Common;

namespace Classification;

/// <summary>The command line.</summary>
public static class ClassificationCommand
{
    /// <summary>Runs the program.</summary>
    /// <param name="args">The options.</param>
    /// <param name="output">Where the progress goes.</param>
    /// <param name="error">Where it says what went wrong.</param>
    /// <returns>0, or 1 if training failed, 2 if an option or a file is bad.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var defaults = new ClassificationOptions();
        Option<string?> train = CommandLine.Path("--train", "A .ts file to learn from; sequences are made if not given");
        Option<string?> test = CommandLine.Path("--test", "A .ts file to test with");
        Option<int> hidden = CommandLine.Number("--hidden", "The hidden units of a layer and direction", defaults.Model.HiddenUnits, 1, 4096);
        Option<int> layers = CommandLine.Number("--layers", "The LSTM layers", defaults.Model.Layers, 1, 32);
        Option<bool> bidirectional = CommandLine.Switch(
            "--bidirectional", "Whether the sequences are read in both directions", defaults.Model.Bidirectional);
        Option<SequenceSummary> summary = CommandLine.Choice("--summary", "What is taken of the hidden states", defaults.Model.Summary);
        Option<double> dropout = CommandLine.Number("--dropout", "The rate of dropout", defaults.Model.Dropout, 0, 0.99);
        Option<int> batch = CommandLine.Number("--batch", "The sequences in a batch", defaults.Model.BatchSize, 1, 100_000);
        Option<int> epochs = CommandLine.Number("--epochs", "The epochs", defaults.Epochs, 1, 1_000_000);
        Option<double> rate = CommandLine.Number("--learning-rate", "AdamW's learning rate at the start", defaults.LearningRate, 0, 1e100);
        Option<int> seed = CommandLine.Number("--seed", "The seed of the weights and of made sequences", defaults.Model.Seed, int.MinValue, int.MaxValue);
        Option<int> threads = CommandLine.Number("--threads", "The most threads", defaults.Threads, 1, 1024);
        Option<string?> save = CommandLine.Path("--save", "The file to save the model in");
        var command = new RootCommand("Learns which label a sequence has, from the UEA and UCR archives' .ts files.")
        {
            train, test, hidden, layers, bidirectional, summary, dropout, batch, epochs, rate, seed, threads, save,
        };
        command.SetAction(result =>
        {
            var options = new ClassificationOptions
            {
                Train = result.GetValue(train),
                Test = result.GetValue(test),
                Model = new SequenceClassifierOptions
                {
                    HiddenUnits = result.GetRequiredValue(hidden),
                    Layers = result.GetRequiredValue(layers),
                    Bidirectional = result.GetRequiredValue(bidirectional),
                    Summary = result.GetRequiredValue(summary),
                    Dropout = result.GetRequiredValue(dropout),
                    BatchSize = result.GetRequiredValue(batch),
                    Seed = result.GetRequiredValue(seed),
                },
                Epochs = result.GetRequiredValue(epochs),
                LearningRate = result.GetRequiredValue(rate),
                Threads = result.GetRequiredValue(threads),
                Save = result.GetValue(save),
            };
            new ClassificationTraining(options, output).Run();
            return CommandLine.Right;
        });
        return CommandLine.Run(command, args, output, error);
    }
}
