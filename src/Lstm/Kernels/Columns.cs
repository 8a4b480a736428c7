namespace Lstm.Kernels;

/// <summary>
/// The columns of a matrix that lies in two places: the hidden states before each step are the initial ones, and then
/// the outputs of all steps but the last.
/// </summary>
internal readonly unsafe struct Columns<T>(T* first, int firstCount, T* rest, int rows)
    where T : unmanaged
{
    /// <summary>Rows of the matrix, and the distance from one column to the next.</summary>
    public int Rows => rows;

    public T* this[int column] => column < firstCount
        ? first + ((long)column * rows)
        : rest + ((long)(column - firstCount) * rows);

    /// <summary>The columns from this one on that lie one behind the other.</summary>
    public int RunFrom(int column) => column < firstCount ? firstCount - column : int.MaxValue;
}
