using Lstm.Training;
using Spectre.Console;

namespace LanguageModel;

/// <summary>Shows a training: a line and a text for each epoch, and on a terminal a bar that moves with each step.</summary>
public abstract class TrainingView : IProgress<TrainingProgress>
{
    private readonly Func<string> _sample;

    protected TrainingView(Func<string> sample) => _sample = sample;

    /// <summary>A bar on a terminal, plain lines elsewhere.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="sample">A text that the model writes.</param>
    /// <returns>The view.</returns>
    public static TrainingView Create(TextWriter output, Func<string> sample) =>
        ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected
            ? new BarView(AnsiConsole.Console, sample)
            : new LineView(output, sample);

    /// <summary>Runs a training and shows it meanwhile.</summary>
    /// <param name="train">The training, which is given what to report to.</param>
    /// <returns>What came of it.</returns>
    public abstract TrainingReport Watch(Func<IProgress<TrainingProgress>, TrainingReport> train);

    /// <inheritdoc/>
    public virtual void Report(TrainingProgress value)
    {
        if (value.Event == TrainingEvent.Epoch)
        {
            Write(
                $"epoch {value.Epoch,3}/{value.Epochs}   train {value.Loss:F4}   valid {value.ValidationLoss:F4} nats, "
                + $"perplexity {value.Metric:F3}   learning rate {value.LearningRate:G4}   {value.ItemsPerSecond:F0} {value.ItemName}/s   "
                + $"{value.Elapsed.TotalSeconds:F1} s");
            Write(_sample());
            Write(string.Empty);
        }
    }

    /// <summary>Writes a text and ends the line.</summary>
    protected abstract void Write(string text);
}
