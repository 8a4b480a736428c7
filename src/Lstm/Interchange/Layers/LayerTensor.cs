using System.Numerics;

namespace Lstm.Interchange.Layers;

/// <summary>
/// A parameter, or some of its rows, as a tensor of a file. In memory a parameter lies column by column; in a file the last
/// dimension of a tensor runs fastest.
/// </summary>
internal sealed class LayerTensor<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Numbers that are read from a file at once.</summary>
    private const int PartLength = 16_384;

    private readonly TensorLayout _layout;
    private readonly int[]? _rows;
    private readonly int _lines;
    private readonly int _lineLength;

    /// <summary>Describes a tensor.</summary>
    /// <param name="name">What it is called within its layer: <c>weight_ih</c>, say.</param>
    /// <param name="parameter">Where its numbers are.</param>
    /// <param name="layout">How they stand in a file.</param>
    /// <param name="rows">The parameter's row for each row of the tensor; all of them, in order, if null.</param>
    public LayerTensor(string name, Parameter<T> parameter, TensorLayout layout, int[]? rows = null)
    {
        (Name, Parameter, _layout, _rows) = (name, parameter, layout, rows);
        (int count, int columns) = (rows?.Length ?? parameter.Rows, parameter.Columns);
        (_lines, _lineLength) = layout == TensorLayout.Columns ? (columns, count) : (count, columns);
        Shape = layout == TensorLayout.Vector ? [count] : [_lines, _lineLength];
    }

    public string Name { get; }

    public Parameter<T> Parameter { get; }

    /// <summary>The shape of the tensor in the file; of a vector it may be set to another of as many numbers.</summary>
    public int[] Shape { get; init; }

    /// <summary>Whether the level of a stack and the direction follow the name.</summary>
    public bool IsRecurrent { get; init; }

    /// <summary>
    /// Rows of the tensor that are added to what the parameter has, as those of the second of two biases, and are written as
    /// zeros.
    /// </summary>
    public (int Start, int End) Added { get; init; }

    /// <summary>The tensor's numbers for a file.</summary>
    public T[] ToArray()
    {
        var values = new T[_lines * _lineLength];
        for (int line = 0; line < _lines; line++)
        {
            for (int n = 0; n < _lineLength; n++)
            {
                (int at, bool added) = Place(line, n);
                values[(line * _lineLength) + n] = added ? T.Zero : Parameter.ReadOnlyValues[at];
            }
        }

        return values;
    }

    /// <summary>Takes the numbers from a file, part by part, so that they are not in memory twice.</summary>
    public void Load(SafetensorsFile file, string name)
    {
        file.Require(name, [.. Shape.Select(length => (long)length)]);
        var part = new T[Math.Max(PartLength / _lineLength, 1) * _lineLength];
        for (int line = 0; line < _lines; line += part.Length / _lineLength)
        {
            int lines = Math.Min(part.Length / _lineLength, _lines - line);
            file.ReadPart(name, (long)line * _lineLength, part.AsSpan(0, lines * _lineLength));
            for (int n = 0; n < lines; n++)
            {
                Take(line + n, part.AsSpan(n * _lineLength, _lineLength));
            }
        }
    }

    /// <summary>Takes all numbers at once; zeros if there are none.</summary>
    public void Set(ReadOnlySpan<T> numbers)
    {
        if (numbers.IsEmpty)
        {
            Parameter.ChangeValues().Clear();
            return;
        }

        for (int line = 0; line < _lines; line++)
        {
            Take(line, numbers.Slice(line * _lineLength, _lineLength));
        }
    }

    private void Take(int line, ReadOnlySpan<T> numbers)
    {
        Span<T> values = Parameter.ChangeValues();
        for (int n = 0; n < numbers.Length; n++)
        {
            (int at, bool added) = Place(line, n);

            // Adding zero would turn -0 into 0.
            if (!added)
            {
                values[at] = numbers[n];
            }
            else if (numbers[n] != T.Zero)
            {
                values[at] += numbers[n];
            }
        }
    }

    /// <summary>Where a number of the tensor is in the parameter, and whether it is added to what is there.</summary>
    private (int At, bool Added) Place(int line, int n)
    {
        (int row, int column) = _layout == TensorLayout.Columns ? (n, line) : (line, n);
        return ((column * Parameter.Rows) + (_rows?[row] ?? row), row >= Added.Start && row < Added.End);
    }
}
