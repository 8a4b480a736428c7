using System.Diagnostics;
using System.Numerics;
using Lstm.Interchange;
using Lstm.Optimizers;

namespace Lstm.Training;

/// <summary>
/// Says when a checkpoint is due, writes down all that decides how a training goes on, and puts it back. What the data are
/// is not in it, only the place in them.
/// </summary>
internal sealed class Checkpoint<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly CheckpointOptions _options;
    private readonly IReadOnlyList<Parameter<T>> _parameters;
    private readonly Optimizer<T> _optimizer;
    private readonly TrainingState _state;
    private readonly ParameterCopy<T> _best;
    private readonly WeightAverage<T>? _average;
    private readonly Action<Snapshot<T>> _saveObjective;
    private readonly Action<Snapshot<T>> _restoreObjective;
    private long _saved;
    private int _savedEpoch;
    private long _savedAt = Stopwatch.GetTimestamp();

    public Checkpoint(
        CheckpointOptions options,
        IReadOnlyList<Parameter<T>> parameters,
        Optimizer<T> optimizer,
        TrainingState state,
        ParameterCopy<T> best,
        WeightAverage<T>? average,
        Action<Snapshot<T>> saveObjective,
        Action<Snapshot<T>> restoreObjective)
    {
        (_options, _parameters, _optimizer, _state, _best, _average) = (options, parameters, optimizer, state, best, average);
        (_saveObjective, _restoreObjective) = (saveObjective, restoreObjective);
    }

    /// <summary>Writes the file if it is time to, after a step or an epoch.</summary>
    public void SaveIfDue()
    {
        bool isDue = (_options.EverySteps, _options.Every) switch
        {
            (null, null) => _state.Epoch > _savedEpoch,
            (int steps, null) => _state.Step - _saved >= steps,
            (null, TimeSpan time) => Stopwatch.GetElapsedTime(_savedAt) >= time,
            (int steps, TimeSpan time) => _state.Step - _saved >= steps || Stopwatch.GetElapsedTime(_savedAt) >= time,
        };
        if (isDue && _state.Step > _saved)
        {
            Save();
        }
    }

    /// <summary>Writes the file.</summary>
    public void Save()
    {
        var snapshot = new Snapshot<T>();
        snapshot.SetNumbers("parameters", _parameters.Count);
        for (int n = 0; n < _parameters.Count; n++)
        {
            snapshot.SetText($"parameter.{n}", $"{_parameters[n]}");
            snapshot.SetValues($"parameter.{n}", _parameters[n].ReadOnlyValues);
        }

        _optimizer.Save(_parameters, snapshot.Part("optimizer."));
        _state.Save(snapshot.Part("trainer."));
        _best.Save(snapshot.Part("best."));
        _average?.Save(snapshot.Part("average."));
        _saveObjective(snapshot.Part("objective."));
        SnapshotFile.Save(snapshot, _options.Path);
        Mark();
    }

    /// <summary>Goes back to where the file says, if there is one and it is to be gone on from.</summary>
    /// <exception cref="ModelFormatException">The file is damaged, or of another training.</exception>
    public void Resume()
    {
        if (_options.Resume && File.Exists(_options.Path))
        {
            try
            {
                Restore(SnapshotFile.Load<T>(_options.Path));
            }
            catch (Exception exception) when (exception is InvalidDataException or ModelFormatException)
            {
                throw new ModelFormatException(
                    $"The training cannot go on from {_options.Path}. {exception.Message}", exception);
            }
        }

        Mark();
    }

    private void Restore(Snapshot<T> snapshot)
    {
        CheckParameters(snapshot);
        _state.Restore(snapshot.Part("trainer."));
        if (_state.Best >= 0 && snapshot.Contains("best.0"))
        {
            _best.Load(snapshot.Part("best."));
        }

        if (_average is not null && snapshot.Contains("average.count"))
        {
            _average.Restore(snapshot.Part("average."));
        }

        _optimizer.Restore(_parameters, snapshot.Part("optimizer."));
        _restoreObjective(snapshot.Part("objective."));
        for (int n = 0; n < _parameters.Count; n++)
        {
            snapshot.GetValues($"parameter.{n}").CopyTo(_parameters[n].ChangeValues());
        }
    }

    private void CheckParameters(Snapshot<T> snapshot)
    {
        long count = snapshot.GetCount("parameters");
        if (count != _parameters.Count)
        {
            throw new InvalidDataException($"It has {count} parameters, but there are {_parameters.Count} to train.");
        }

        for (int n = 0; n < _parameters.Count; n++)
        {
            string name = snapshot.GetText($"parameter.{n}");
            if (name != $"{_parameters[n]}")
            {
                throw new InvalidDataException($"Its parameter {n} is {name}, but the one to train is {_parameters[n]}.");
            }

            snapshot.GetValues($"parameter.{n}", _parameters[n].Count);
        }
    }

    private void Mark() =>
        (_saved, _savedEpoch, _savedAt) = (_state.Step, _state.Epoch, Stopwatch.GetTimestamp());
}
