using System.Numerics;

namespace Lstm;

/// <summary>Keeps the values that parameters had, to put them back later.</summary>
internal sealed class ParameterCopy<T>(IReadOnlyList<Parameter<T>> parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private T[][]? _values;

    /// <summary>Whether there are values to put back.</summary>
    public bool IsTaken => _values is not null;

    /// <summary>Keeps the values as they are now.</summary>
    public void Take()
    {
        T[][] values = Allocated();
        for (int n = 0; n < values.Length; n++)
        {
            parameters[n].ReadOnlyValues.CopyTo(values[n]);
        }
    }

    /// <summary>Puts back the values that were kept.</summary>
    public void Restore()
    {
        for (int n = 0; n < _values!.Length; n++)
        {
            _values[n].CopyTo(parameters[n].ChangeValues());
        }
    }

    /// <summary>Saves what was kept, if anything was.</summary>
    public void Save(Snapshot<T> snapshot)
    {
        for (int n = 0; n < _values?.Length; n++)
        {
            snapshot.SetValues($"{n}", _values[n]);
        }
    }

    /// <summary>Keeps what was saved.</summary>
    /// <exception cref="InvalidDataException">It is of other parameters.</exception>
    public void Load(Snapshot<T> snapshot)
    {
        T[][] values = Allocated();
        for (int n = 0; n < values.Length; n++)
        {
            snapshot.GetValues($"{n}", values[n].Length).CopyTo(values[n]);
        }
    }

    private T[][] Allocated() => _values ??= [.. parameters.Select(parameter => new T[parameter.Count])];
}
