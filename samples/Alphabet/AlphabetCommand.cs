using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Alphabet;

/// <summary>The command line.</summary>
public static class AlphabetCommand
{
    private const int Right = 0;
    private const int Wrong = 1;
    private const int BadUsage = 2;

    /// <summary>Runs the program.</summary>
    /// <param name="args">The options.</param>
    /// <param name="output">Where the progress and the text go.</param>
    /// <param name="error">Where it says what went wrong.</param>
    /// <returns>0 if every character is right, 1 if not or if training failed, 2 if an option is bad.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        ParseResult result = Create(output, error).Parse(args);
        if (result.Action is ParseErrorAction)
        {
            foreach (ParseError problem in result.Errors)
            {
                error.WriteLine(problem.Message);
            }

            error.WriteLine("--help shows the options.");
            return BadUsage;
        }

        return result.Invoke(new InvocationConfiguration { Output = output, Error = error });
    }

    private static RootCommand Create(TextWriter output, TextWriter error)
    {
        var defaults = new AlphabetOptions();
        Option<string> text = Text("--text", "The text to learn, seven times over", defaults.Text);
        Option<int> length = Number("--length", "The characters to continue its first character for", defaults.Length, 1, 1_000_000);
        Option<int> seed = Number("--seed", "The seed of the weights", defaults.Seed, int.MinValue, int.MaxValue);
        Option<int> hidden = Number("--hidden", "The hidden units", defaults.Hidden, 1, 4096);
        Option<int> window = Number("--window", "The steps of a window", defaults.Window, 1, 10_000);
        Option<int> epochs = Number("--epochs", "The most epochs to train for", defaults.Epochs, 1, 1_000_000);
        Option<double> target = Number("--target-loss", "The loss at which to stop", defaults.TargetLoss, 0, 100);
        Option<double> rate = Number("--learning-rate", "The learning rate", defaults.LearningRate, 0, 1e100);
        Option<double> momentum = Number("--momentum", "The momentum", defaults.Momentum, 0, 0.999);
        Option<int> threads = Number("--threads", "The most threads", defaults.Threads, 1, 1024);

        var command = new RootCommand("Trains an LSTM on a text that repeats itself, and lets it continue the text.")
        {
            text, length, seed, hidden, window, epochs, target, rate, momentum, threads,
        };
        command.SetAction(result => Run(
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
            output,
            error));
        return command;
    }

    private static int Run(AlphabetOptions options, TextWriter output, TextWriter error)
    {
        var training = new AlphabetTraining(options, output);
        try
        {
            training.Train();
        }
        catch (ArithmeticException exception)
        {
            error.WriteLine($"Training stopped. {exception.Message}");
            error.WriteLine("A lower --learning-rate may help.");
            return Wrong;
        }

        return training.Continue() ? Right : Wrong;
    }

    private static Option<string> Text(string name, string description, string standard) => new(name)
    {
        Description = description,
        HelpName = "text",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            string value = result.Tokens.Single().Value;
            if (value.Length == 0)
            {
                result.AddError($"{name} must have at least one character.");
            }

            return value;
        },
    };

    /// <summary>An option within a range, read without regard to the culture of the machine.</summary>
    private static Option<T> Number<T>(string name, string description, T standard, T least, T most)
        where T : INumber<T> => new(name)
        {
            Description = description,
            HelpName = "number",
            DefaultValueFactory = _ => standard,
            CustomParser = result =>
            {
                string given = result.Tokens.Single().Value;
                NumberStyles style = typeof(T) == typeof(int) ? NumberStyles.Integer : NumberStyles.Float;
                if (!T.TryParse(given, style, CultureInfo.InvariantCulture, out T? value) || !(value >= least && value <= most))
                {
                    string kind = typeof(T) == typeof(int) ? "a whole number" : "a number";
                    result.AddError($"{name} must be {kind} from {least} to {most}, but is '{given}'.");
                }

                return value;
            },
        };
}
