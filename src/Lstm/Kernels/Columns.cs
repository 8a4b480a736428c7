namespace Lstm.Kernels;

/// <summary>
/// The columns of a matrix that lies in two places: the hidden states before each step are the initial ones, and then
/// the outputs of all steps but the last.
/// </summary>
internal readonly unsafe struct Columns<T>(T* first, int firstCount, T* rest, int rows, int stride)
    where T : unmanaged
{
    public Columns(T* first, int firstCount, T* rest, int rows)
        : this(first, firstCount, rest, rows, rows)
    {
    }

    /// <summary>Rows of the matrix.</summary>
    public int Rows => rows;

    /// <summary>The distance from one column to the next.</summary>
    public int Stride => stride;

    public T* this[int column] => column < firstCount
        ? first + ((long)column * stride)
        : rest + ((long)(column - firstCount) * stride);

    /// <summary>The columns from this one on that lie one after the other.</summary>
    public int RunFrom(int column) => column < firstCount ? firstCount - column : int.MaxValue;
}
