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
    private readonly int _lines;
    private readonly int _lineLength;

    /// <summary>Describes a tensor.</summary>
    public LayerTensor(string name, Parameter<T> parameter, TensorLayout layout)
    {
        (Name, Parameter, _layout) = (name, parameter, layout);
        (int rows, int columns) = (parameter.Value.RowCount, parameter.Value.ColumnCount);
        (_lines, _lineLength) = layout == TensorLayout.Columns ? (columns, rows) : (rows, columns);
        Shape = layout == TensorLayout.Vector ? [rows] : [_lines, _lineLength];
    }

    /// <summary>What the tensor is called within its layer: <c>weight_ih</c>, say.</summary>
    public string Name { get; }

    public Parameter<T> Parameter { get; }

    /// <summary>The shape of the tensor in the file.</summary>
    public int[] Shape { get; }

    /// <summary>Whether the level of a stack and the direction stand behind the name.</summary>
    public bool IsRecurrent { get; init; }

    /// <summary>
    /// Whether it is added to what the parameter has, as the second of two biases, which is written as zeros.
    /// </summary>
    public bool IsSecondBias { get; init; }

    /// <summary>The parameter's row for each row of the tensor; the same unless set.</summary>
    public int[]? Rows { get; init; }

    /// <summary>The tensor's numbers for a file.</summary>
    public T[] ToArray()
    {
        var values = new T[Parameter.Count];
        if (!IsSecondBias)
        {
            for (int line = 0; line < _lines; line++)
            {
                for (int n = 0; n < _lineLength; n++)
                {
                    values[(line * _lineLength) + n] = Parameter.Values[IndexOf(line, n)];
                }
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
            Parameter.Values.Clear();
            return;
        }

        for (int line = 0; line < _lines; line++)
        {
            Take(line, numbers.Slice(line * _lineLength, _lineLength));
        }
    }

    private void Take(int line, ReadOnlySpan<T> numbers)
    {
        Span<T> values = Parameter.Values;
        for (int n = 0; n < numbers.Length; n++)
        {
            int at = IndexOf(line, n);

            // Adding zero would turn -0 into 0.
            if (!IsSecondBias)
            {
                values[at] = numbers[n];
            }
            else if (numbers[n] != T.Zero)
            {
                values[at] += numbers[n];
            }
        }
    }

    private int IndexOf(int line, int n)
    {
        (int row, int column) = _layout == TensorLayout.Columns ? (n, line) : (line, n);
        return (column * Parameter.Value.RowCount) + (Rows?[row] ?? row);
    }
}
