using System.Numerics;

namespace Lstm.Layers;

/// <summary>
/// What a layer carries from one step to the next for each sequence of a batch. A layer without memory has a state of
/// no parts. A state belongs to its caller: any number of them may be stepped through one layer at the same time.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public class LayerState<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly StatePart<T>[] _parts;

    /// <summary>Makes a state of the given parts.</summary>
    /// <param name="batch">B, the number of sequences; at least 1.</param>
    /// <param name="parts">The parts, each with B columns. They are used as they are and not copied.</param>
    /// <exception cref="ArgumentNullException">The list or a part is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batch"/> is below 1.</exception>
    /// <exception cref="ArgumentException">A part has another number of columns.</exception>
    public LayerState(int batch, params IReadOnlyList<StatePart<T>> parts)
    {
        Guard.ElementType<T>();
        Guard.Positive(batch);
        ArgumentNullException.ThrowIfNull(parts);
        foreach (StatePart<T> part in parts)
        {
            ArgumentNullException.ThrowIfNull(part, nameof(parts));
            Guard.Shape(part.Value.ColumnCount == batch, $"parts of {batch} columns", part.ToString(), nameof(parts));
        }

        Batch = batch;
        _parts = [.. parts];
    }

    /// <summary>B, the number of sequences.</summary>
    public int Batch { get; }

    /// <summary>The matrices that make up the state, in a fixed order.</summary>
    public IReadOnlyList<StatePart<T>> Parts => _parts;

    /// <summary>Sets the whole state to zero.</summary>
    public void Reset()
    {
        foreach (StatePart<T> part in _parts)
        {
            part.Values.Clear();
        }
    }

    /// <summary>Sets the state of one sequence to zero and leaves the others as they are.</summary>
    /// <param name="sequence">b, from 0 to B − 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is out of its range.</exception>
    public void Reset(int sequence)
    {
        Guard.Index(sequence, Batch);
        foreach (StatePart<T> part in _parts)
        {
            int features = part.Value.RowCount;
            part.Values.Slice(sequence * features, features).Clear();
        }
    }

    /// <summary>Takes the numbers of another state of the same shape.</summary>
    /// <param name="other">The state to copy.</param>
    /// <exception cref="ArgumentNullException"><paramref name="other"/> is null.</exception>
    /// <exception cref="ArgumentException">The other state has another shape.</exception>
    public void CopyFrom(LayerState<T> other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Guard.Shape(Batch == other.Batch && HasPartsOf(other), $"{this}", $"{other}", nameof(other));
        for (int n = 0; n < _parts.Length; n++)
        {
            other._parts[n].Values.CopyTo(_parts[n].Values);
        }
    }

    /// <summary>Copies the state.</summary>
    /// <returns>A state of the same kind, shape and numbers that shares nothing with this one.</returns>
    public LayerState<T> Clone()
    {
        LayerState<T> clone = CreateSame(Batch);
        clone.CopyFrom(this);
        return clone;
    }

    /// <summary>Says what the state is, not what is in it.</summary>
    /// <returns>For example <c>LstmState&lt;Single&gt; of Hidden 32 × 7, Cell 32 × 7</c>.</returns>
    public override string ToString()
    {
        string kind = GetType().Name.Split('`')[0];
        string parts = _parts.Length == 0 ? $"nothing × {Batch}" : string.Join(", ", _parts.AsEnumerable());
        return $"{kind}<{typeof(T).Name}> of {parts}";
    }

    /// <summary>Writes the state down.</summary>
    internal void Save(Snapshot<T> snapshot)
    {
        snapshot.SetNumbers("batch", Batch);
        for (int n = 0; n < _parts.Length; n++)
        {
            snapshot.SetValues($"{n}", _parts[n].Values);
        }
    }

    /// <summary>The state of a layer that was written down; null if none was.</summary>
    internal static LayerState<T>? Restore(Layer<T> layer, Snapshot<T> snapshot)
    {
        if (!snapshot.Contains("batch"))
        {
            return null;
        }

        // The arrays first: what is claimed of the batch may take more memory than there is.
        long batch = snapshot.GetCount("batch");
        LayerState<T> one = layer.CreateState(1);
        for (int n = 0; n < one.Parts.Count; n++)
        {
            long length = batch * one.Parts[n].Values.Length;
            if (batch == 0 || length != snapshot.GetValues($"{n}").Length)
            {
                throw new InvalidDataException($"The state {one} that was saved is not of {batch} sequences.");
            }
        }

        LayerState<T> state = layer.CreateState((int)Math.Clamp(batch, 1, int.MaxValue));
        for (int n = 0; n < state.Parts.Count; n++)
        {
            snapshot.GetValues($"{n}").CopyTo(state.Parts[n].Values);
        }

        return state;
    }

    /// <summary>Whether the other state has parts of the same features, whatever their names and its batch.</summary>
    internal virtual bool HasPartsOf(LayerState<T> other)
    {
        bool same = _parts.Length == other._parts.Length;
        for (int n = 0; same && n < _parts.Length; n++)
        {
            same = _parts[n].Value.RowCount == other._parts[n].Value.RowCount;
        }

        return same;
    }

    /// <summary>Makes a state of the same kind, of zeros.</summary>
    internal virtual LayerState<T> CreateSame(int batch) =>
        new(batch, [.. _parts.Select(part => new StatePart<T>(part.Name, part.Value.RowCount, batch))]);
}
