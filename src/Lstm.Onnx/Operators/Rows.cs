namespace Lstm.Onnx.Operators;

/// <summary>
/// Goes through a shape row by row (a row is the last dimension), and keeps the place in two tensors whose elements are
/// some strides apart: 0 where a tensor is repeated, negative where it is read backwards.
/// </summary>
internal ref struct Rows
{
    private readonly ReadOnlySpan<int> _shape;
    private readonly ReadOnlySpan<int> _first;
    private readonly ReadOnlySpan<int> _second;
    private readonly int[] _index;

    public Rows(ReadOnlySpan<int> shape, ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        _shape = shape;
        _first = first;
        _second = second;
        _index = new int[shape.Length];
    }

    /// <summary>Where the row begins in the first tensor.</summary>
    public int First { get; private set; }

    /// <summary>Where the row begins in the second tensor.</summary>
    public int Second { get; private set; }

    /// <summary>Goes on to the next row.</summary>
    /// <returns>False after the last.</returns>
    public bool Next()
    {
        for (int axis = _shape.Length - 2; axis >= 0; axis--)
        {
            First += _first[axis];
            Second += _second[axis];
            if (++_index[axis] < _shape[axis])
            {
                return true;
            }

            First -= _first[axis] * _shape[axis];
            Second -= _second[axis] * _shape[axis];
            _index[axis] = 0;
        }

        return false;
    }
}
