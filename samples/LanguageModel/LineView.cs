using Lstm.Training;

namespace LanguageModel;

/// <summary>Plain lines, for a file or another program.</summary>
public sealed class LineView(TextWriter output, Func<string> sample) : TrainingView(sample)
{
    /// <inheritdoc/>
    public override TrainingReport Watch(Func<IProgress<TrainingProgress>, TrainingReport> train) => train(this);

    /// <inheritdoc/>
    protected override void Write(string text)
    {
        output.WriteLine(text);
        output.Flush();
    }
}
