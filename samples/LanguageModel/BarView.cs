using Lstm.Training;
using Spectre.Console;

namespace LanguageModel;

/// <summary>A bar for the steps of the whole training, below the lines of the epochs that are done.</summary>
public sealed class BarView(IAnsiConsole console, Func<string> sample) : TrainingView(sample)
{
    private ProgressTask? _task;

    /// <inheritdoc/>
    public override TrainingReport Watch(Func<IProgress<TrainingProgress>, TrainingReport> train) =>
        console.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn { Alignment = Justify.Left },
                new ProgressBarColumn(),
                new PercentageColumn())
            .Start(context =>
            {
                _task = context.AddTask("learning");
                return train(this);
            });

    /// <inheritdoc/>
    public override void Report(TrainingProgress value)
    {
        if (_task is not null)
        {
            _task.MaxValue = (double)value.StepsInEpoch * value.Epochs;
            _task.Value = value.Step;
            _task.Description =
                $"epoch {value.Epoch}/{value.Epochs}   loss {value.Loss:F3}   {value.ItemsPerSecond:F0} {value.ItemName}/s   "
                + $"{value.TimeLeft:hh\\:mm\\:ss} left";
        }

        base.Report(value);
    }

    /// <inheritdoc/>
    protected override void Write(string text) => console.WriteLine(text);
}
