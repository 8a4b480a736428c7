using System.Numerics;
using Lstm.Layers;

namespace Lstm.Training;

/// <summary>The state that is carried from one batch to the next.</summary>
internal sealed class CarriedState<T>(Layer<T> layer)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private LayerState<T>? _state;
    private bool _fresh = true;

    /// <summary>The next batch starts as the layer does, from zeros in most cases, and may have any number of sequences.</summary>
    public void Forget() => _fresh = true;

    /// <summary>The state that a batch starts from; null stands for where the layer starts.</summary>
    public LayerState<T>? Before(int batch)
    {
        if (!_fresh && _state!.Batch != batch)
        {
            throw new ArgumentException(
                $"{nameof(batch)} must have {_state.Batch} sequences, as the one before it whose state it goes on from, "
                + $"but has {batch}.",
                nameof(batch));
        }

        return _fresh ? null : _state;
    }

    /// <summary>The state that a batch starts from, to be replaced by the one in which it ends.</summary>
    public LayerState<T> Current(int batch)
    {
        if (Before(batch) is null)
        {
            Allocate(batch);
            layer.Start(_state!);
        }

        return _state!;
    }

    /// <summary>Takes the state in which a batch has ended.</summary>
    public void Keep(LayerState<T> state)
    {
        Allocate(state.Batch);
        _state!.CopyFrom(state);
    }

    public void Save(Snapshot<T> snapshot)
    {
        if (!_fresh)
        {
            _state!.Save(snapshot);
        }
    }

    public void Restore(Snapshot<T> snapshot)
    {
        _state = LayerState<T>.Restore(layer, snapshot);
        _fresh = _state is null;
    }

    private void Allocate(int batch)
    {
        if (_state?.Batch != batch)
        {
            _state = layer.CreateState(batch);
        }

        _fresh = false;
    }
}
