using System.Diagnostics;
using Lstm.Data;
using Lstm.Models;
using Lstm.Optimizers;
using Lstm.Training;
using Samples.Common;

namespace Addition;

/// <summary>A model that learns to add from examples.</summary>
public sealed class AdditionTraining
{
    private const int Shown = 5;

    private readonly AdditionOptions _options;
    private readonly TextWriter _output;
    private readonly TextPair[] _learnt;
    private readonly TextPair[] _heldBack;
    private readonly SequenceToSequence<float> _model;

    public AdditionTraining(AdditionOptions options, TextWriter output)
    {
        (_options, _output) = (options, output);
        OutputFile.Check(options.Save);
        var random = new Random(options.Seed);
        TextPair[] sums = [.. options.File is null ? Sums.Make(options.Examples, random) : Sums.Read(options.File)];
        random.Shuffle(sums);
        int heldBack = Math.Clamp((int)(options.HeldBack * sums.Length), 1, sums.Length - 1);
        (_learnt, _heldBack) = (sums[heldBack..], sums[..heldBack]);
        _model = SequenceToSequence<float>.ForTexts(sums, options: new SequenceToSequenceOptions
        {
            EmbeddingSize = options.Embedding,
            HiddenUnits = options.Hidden,
            ReverseSource = options.Reverse,
            Peeky = options.Peeky,
            BatchSize = options.Batch,
            Seed = options.Seed,
        });
        _model.Threads = options.Threads;
    }

    /// <summary>Trains, and prints the share of right answers to what was held back after each epoch.</summary>
    /// <exception cref="ArithmeticException">The loss or a gradient became NaN or infinite.</exception>
    /// <exception cref="IOException">The model cannot be saved.</exception>
    public void Train()
    {
        _output.WriteLine(_model);
        _output.WriteLine($"{_learnt.Length} sums to learn, {_heldBack.Length} held back");
        _model.Fit(
            _learnt,
            _heldBack,
            new TrainerOptions
            {
                Epochs = _options.Epochs,
                ClipNorm = _options.Clip,
                Schedule = _options.Decay ? new CosineSchedule() : Schedule.Constant,
                RestoreBest = false,
            },
            new AdamOptimizer<float>(new AdamOptions { LearningRate = _options.LearningRate }),
            new EpochLines(_output));
        foreach (TextPair sum in _heldBack.Take(Shown))
        {
            string answer = _model.Generate(sum.Source);
            _output.WriteLine($"{sum.Source} {answer,-Sums.AnswerLength} {(answer == sum.Target ? "right" : $"wrong, it is {sum.Target}")}");
        }

        _output.WriteLine($"{100 * _model.Accuracy(_heldBack):F2} % of {_heldBack.Length} answers are right");
        OutputFile.Write(_options.Save, _model.Save);
    }

    /// <summary>Prints a line for each epoch.</summary>
    private sealed class EpochLines(TextWriter output) : IProgress<TrainingProgress>
    {
        private readonly Stopwatch _clock = Stopwatch.StartNew();

        public void Report(TrainingProgress value)
        {
            if (value.Event == TrainingEvent.Epoch)
            {
                output.WriteLine(
                    $"epoch {value.Epoch,3}   loss {value.Loss:F4}   right {100 * value.Metric,6:F2} %   {_clock.Elapsed.TotalSeconds:F1} s");
            }
        }
    }
}
