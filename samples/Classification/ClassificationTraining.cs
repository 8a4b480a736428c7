using System.Globalization;
using Lstm.Data;
using Lstm.Metrics;
using Lstm.Models;
using Lstm.Optimizers;
using Lstm.Training;
using Samples.Common;

namespace Classification;

/// <summary>A model that learns the labels of sequences.</summary>
public sealed class ClassificationTraining
{
    private const int LinesOfProgress = 10;
    private const int MadeToLearn = 300;
    private const int MadeToTest = 150;

    private readonly ClassificationOptions _options;
    private readonly TextWriter _output;
    private readonly LabelledSequences _train;
    private readonly LabelledSequences _test;

    /// <exception cref="DataException">A file is missing or not as it should be.</exception>
    public ClassificationTraining(ClassificationOptions options, TextWriter output)
    {
        (_options, _output) = (options, output);
        OutputFile.Check(options.Save);
        if ((options.Train is null) != (options.Test is null))
        {
            throw new DataException("--train and --test must be given together: a model is measured by what it has not learnt.");
        }

        var random = new Random(options.Model.Seed);
        _train = options.Train is null ? MadeSequences.Make("made up", MadeToLearn, random) : TsFile.Read(options.Train);
        _test = options.Test is null ? MadeSequences.Make("made up", MadeToTest, random) : TsFile.Read(options.Test);
        Check();
    }

    /// <summary>Trains, and prints the accuracy on the test sequences with the confusion matrix.</summary>
    /// <exception cref="ArithmeticException">The loss or a gradient became NaN or infinite.</exception>
    /// <exception cref="IOException">The model cannot be saved.</exception>
    public void Run()
    {
        LabelledSequence<float, string>[] learnt = Examples(_train);
        var model = SequenceClassifier<float, string>.ForExamples(learnt, _options.Model);
        model.Threads = _options.Threads;
        _output.WriteLine(model);
        _output.WriteLine($"{learnt.Length} sequences to learn ({_train.Name}), {_test.Labels.Count} to test ({_test.Name})");
        model.Fit(
            learnt,
            training: new TrainerOptions { Epochs = _options.Epochs, ClipNorm = 1, Schedule = new CosineSchedule() },
            optimizer: new AdamWOptimizer<float>(new AdamWOptions { LearningRate = _options.LearningRate }),
            progress: new EpochLines(_output));
        ConfusionMatrix<string> confusion = model.Evaluate(Examples(_test));
        _output.WriteLine("rows are what is right, columns what was answered:");
        _output.WriteLine(confusion);
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"accuracy {confusion.Accuracy:F4}"));
        OutputFile.Write(_options.Save, path => model.Save(path));
    }

    private static LabelledSequence<float, string>[] Examples(LabelledSequences data) =>
        [.. data.Sequences.Zip(data.Labels, (sequence, label) => new LabelledSequence<float, string>(sequence, label))];

    private void Check()
    {
        if (_train.Features != _test.Features)
        {
            throw new DataException(
                $"{_test.Name} must have as many dimensions as {_train.Name}, {_train.Features}, but has {_test.Features}.");
        }

        if (_train.Labels.Distinct().Count() < 2)
        {
            throw new DataException($"{_train.Name} must have cases of at least two classes, but all are of '{_train.Labels[0]}'.");
        }

        int unknown = _test.Labels.ToList().FindIndex(label => !_train.Labels.Contains(label));
        if (unknown >= 0)
        {
            throw new DataException(
                _test.Name, _test.Lines[unknown], $"the label '{_test.Labels[unknown]}' does not occur in {_train.Name}, so nobody can learn it.");
        }
    }

    /// <summary>Prints a line for each tenth of the epochs.</summary>
    private sealed class EpochLines(TextWriter output) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Event == TrainingEvent.Epoch
                && value.Epoch * LinesOfProgress / value.Epochs > (value.Epoch - 1) * LinesOfProgress / value.Epochs)
            {
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"epoch {value.Epoch,3}   loss {value.Loss:F4}   {value.Elapsed.TotalSeconds:F1} s"));
            }
        }
    }
}
