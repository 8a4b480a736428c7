using System.Diagnostics;
using System.Numerics;
using Lstm.Data;
using Lstm.Interchange;
using Lstm.Losses;
using Lstm.Optimizers;

namespace Lstm.Training;

/// <summary>One call of <see cref="Trainer{T}.Fit"/>.</summary>
internal sealed class TrainingRun<T, TBatch>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Optimizer<T> _optimizer;
    private readonly TrainerOptions _options;
    private readonly Objective<T, TBatch> _objective;
    private readonly IReadOnlyList<Parameter<T>> _parameters;
    private readonly IBatchSource<TBatch> _training;
    private readonly IBatchSource<TBatch>? _validation;
    private readonly IProgress<TrainingProgress>? _progress;
    private readonly CancellationToken _cancellation;
    private readonly TrainingState _state = new();
    private readonly ParameterCopy<T> _best;
    private readonly WeightAverage<T>? _average;
    private readonly Checkpoint<T>? _checkpoint;
    private readonly GradientPass<T> _gradients = new();
    private readonly double _rate;
    private readonly Stopwatch _clock = new();
    private long _stepsBefore;
    private double _stepLoss;
    private double _norm;

    public TrainingRun(
        Trainer<T> trainer,
        Objective<T, TBatch> objective,
        IBatchSource<TBatch> training,
        IBatchSource<TBatch>? validation,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellation)
    {
        (_optimizer, _options, _objective, _parameters) = (trainer.Optimizer, trainer.Options, objective, objective.Parameters);
        (_training, _validation, _progress, _cancellation) = (training, validation, progress, cancellation);
        _rate = _optimizer.LearningRate;
        _best = new ParameterCopy<T>(_parameters);
        _average = _options.Averaging is { } averaging ? new WeightAverage<T>(_parameters, averaging.Decay) : null;
        _checkpoint = _options.Checkpoint is { } checkpoint
            ? new(checkpoint, _parameters, _optimizer, _state, _best, _average, objective.Save, objective.Restore)
            : null;
    }

    private bool IsOutOfPatience =>
        _options.Patience is int patience && _state.Best >= 0 && _state.Scores.Count - 1 - _state.Best >= patience;

    private bool IsValidationDue =>
        _validation is not null
        && _options.ValidateEverySteps is int steps
        && _state.Index > 0
        && _state.Step % steps == 0
        && _state.ValidatedStep != _state.Step;

    private long TotalSteps => (long)_options.Epochs * _training.Count;

    public TrainingReport Run()
    {
        _clock.Start();
        StopReason reason;
        try
        {
            _checkpoint?.Resume();
            _stepsBefore = _state.Step;
            reason = Train();
            _checkpoint?.Save();
        }
        finally
        {
            _optimizer.LearningRate = _rate;
        }

        if (_options.RestoreBest && _best.IsTaken)
        {
            _best.Restore();
        }
        else if (_average is { Count: > 0 })
        {
            _average.Swap();
        }

        return Report(reason);
    }

    private StopReason Train()
    {
        while (_state.Epoch < _options.Epochs && !IsOutOfPatience)
        {
            StartEpoch();
            while (_state.Index < _training.Count && !IsOutOfPatience)
            {
                _checkpoint?.SaveIfDue();
                if (_cancellation.IsCancellationRequested || (IsValidationDue && !Validate()))
                {
                    return StopReason.Cancelled;
                }

                if (!IsOutOfPatience)
                {
                    Step();
                }
            }

            if (!IsOutOfPatience && !EndEpoch())
            {
                return StopReason.Cancelled;
            }

            _checkpoint?.SaveIfDue();
        }

        return IsOutOfPatience ? StopReason.NoImprovement : StopReason.Completed;
    }

    /// <summary>Starts an epoch, or goes on in the middle of one where a checkpoint was written.</summary>
    private void StartEpoch()
    {
        _training.Start(_state.Epoch);
        if (_state.Index == 0)
        {
            _objective.Start(training: true);
            _state.Batches = _training.Count;
        }
        else if (_state.Batches != _training.Count)
        {
            throw new ModelFormatException(
                $"The training cannot go on: epoch {_state.Epoch + 1} had {_state.Batches} batches, but has {_training.Count} now.");
        }
    }

    private void Step()
    {
        long start = Stopwatch.GetTimestamp();
        for (int n = 0; n < _parameters.Count; n++)
        {
            _parameters[n].ZeroGradient();
        }

        LossSum loss;
        try
        {
            loss = _objective.Train(_training[_state.Index]);
            _norm = Clip();
        }
        catch (ArithmeticException exception)
        {
            throw Diverged($"step {_state.Index + 1}", exception);
        }

        var point = new SchedulePoint(_state.Step, _state.Epoch, TotalSteps, _state.Scores);
        _state.LearningRate = _optimizer.LearningRate = _rate * _options.Schedule.Factor(point);
        _optimizer.Step(_parameters);
        _state.Index++;
        _state.Step++;
        if (_state.Step > _options.Averaging?.StartStep)
        {
            _average!.Update();
        }

        _state.EpochLoss += loss;
        _state.EpochNorms += _norm;
        _stepLoss = loss.Mean;
        _state.EpochSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        Tell(TrainingEvent.Step);
    }

    /// <summary>Clips the gradients as asked and returns the norm that they had before it was limited.</summary>
    private double Clip()
    {
        if (_options.ClipValue is double limit)
        {
            GradientClipping.ByValue(_parameters, limit);
        }

        // Without a limit the largest that there is, for the check and the norm.
        return GradientClipping.ByGlobalNorm(
            _parameters, _options.ClipNorm ?? double.MaxValue, _gradients, _optimizer.Threads);
    }

    /// <summary>Measures the model, with the average of its weights if there is one; false if it was cancelled on the way.</summary>
    private bool Validate()
    {
        bool averaged = _average is { Count: > 0 };
        if (averaged)
        {
            _average!.Swap();
        }

        try
        {
            return Trainer<T>.Evaluate(_objective, _validation!, _cancellation) is LossSum loss && TakeIn(loss);
        }
        catch (ArithmeticException exception)
        {
            throw Diverged($"the validation after step {_state.Index}", exception);
        }
        finally
        {
            if (averaged)
            {
                _average!.Swap();
            }
        }
    }

    /// <summary>Writes down what a validation gave, and keeps the weights if they are the best so far.</summary>
    private bool TakeIn(LossSum loss)
    {
        _state.ValidatedStep = _state.Step;
        _state.ValidationLoss = loss.Mean;
        _state.Metric = _objective.MetricName is null ? null : _objective.Metric(loss);
        double score = _options.Monitor == TrainingMonitor.Loss
            ? loss.Mean
            : _objective.HigherMetricIsBetter ? -_state.Metric!.Value : _state.Metric!.Value;
        if (_state.Add(score, _options.MinimumImprovement) && _options.RestoreBest)
        {
            _best.Take();
        }

        Tell(TrainingEvent.Validation);
        return true;
    }

    /// <summary>Validates, writes the epoch down and goes to the next; false if it was cancelled on the way.</summary>
    private bool EndEpoch()
    {
        if (_validation is not null && _state.ValidatedStep != _state.Step && !Validate())
        {
            return false;
        }

        _state.History.Add(new EpochResult
        {
            Epoch = _state.Epoch + 1,
            Steps = _state.Step,
            Loss = _state.EpochLoss.Mean,
            ValidationLoss = _state.ValidationLoss,
            Metric = _state.Metric,
            LearningRate = _state.LearningRate,
            GradientNorm = _state.EpochNorms / _state.Index,
            ItemsPerSecond = _state.EpochLoss.Items / _state.EpochSeconds,
            Elapsed = TimeSpan.FromSeconds(_state.EpochSeconds),
        });
        Tell(TrainingEvent.Epoch);
        if (_options.HistoryFile is string path)
        {
            using var writer = new StreamWriter(path);
            Report(StopReason.Completed).WriteCsv(writer);
        }

        _state.NextEpoch();
        return true;
    }

    private void Tell(TrainingEvent what)
    {
        if (_progress is null)
        {
            return;
        }

        long taken = Math.Max(1, _state.Step - _stepsBefore);
        TimeSpan elapsed = _clock.Elapsed;
        _progress.Report(new TrainingProgress
        {
            Event = what,
            Epoch = _state.Epoch + 1,
            Epochs = _options.Epochs,
            Step = _state.Step,
            StepInEpoch = _state.Index,
            StepsInEpoch = _training.Count,
            Loss = _state.EpochLoss.Mean,
            StepLoss = _stepLoss,
            ValidationLoss = _state.ValidationLoss,
            Metric = _state.Metric,
            MetricName = _objective.MetricName,
            GradientNorm = _norm,
            LearningRate = _state.LearningRate,
            ItemsPerSecond = _state.EpochLoss.Items / _state.EpochSeconds,
            ItemName = _objective.ItemName,
            Elapsed = elapsed,
            TimeLeft = elapsed / taken * Math.Max(0, TotalSteps - _state.Step),
        });
    }

    private TrainingReport Report(StopReason reason) => new()
    {
        History = [.. _state.History],
        StopReason = reason,
        Steps = _state.Step,
        ResumedAtStep = _stepsBefore,
        Elapsed = _clock.Elapsed,
        BestEpoch = _state.Best < 0 ? null : _state.BestEpoch + 1,
        BestScore = _state.Best < 0 ? null : BestScore(_state.Scores[_state.Best]),
        MetricName = _objective.MetricName,
    };

    private double BestScore(double score) =>
        _options.Monitor == TrainingMonitor.Metric && _objective.HigherMetricIsBetter ? -score : score;

    private NonFiniteLossException Diverged(string when, ArithmeticException exception) => new(
        $"Training cannot go on at {when} of epoch {_state.Epoch + 1}. {exception.Message}", exception);
}
