using System.Numerics;

namespace Lstm;

/// <summary>Keeps the values that parameters had, to put them back later.</summary>
internal sealed class ParameterCopy<T>(IReadOnlyList<Parameter<T>> parameters)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private T[][]? _values;

    public bool IsEmpty => _values is null;

    /// <summary>Keeps the values as they are now.</summary>
    public void Take()
    {
        T[][] values = Allocated();
        for (int n = 0; n < values.Length; n++)
        {
            parameters[n].Values.CopyTo(values[n]);
        }
    }

    /// <summary>Puts the values back that were kept.</summary>
    public void Restore()
    {
        for (int n = 0; n < _values!.Length; n++)
        {
            _values[n].CopyTo(parameters[n].Values);
        }
    }

    private T[][] Allocated() => _values ??= [.. parameters.Select(parameter => new T[parameter.Count])];
}
