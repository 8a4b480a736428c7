namespace Lstm.Interchange;

/// <summary>Goes through the elements of a tensor whose dimensions lie in memory in any order.</summary>
internal static class Strides
{
    /// <summary>Steps in memory from one element to the next of each dimension, where the last runs fastest.</summary>
    public static long[] OfRows(IReadOnlyList<long> shape)
    {
        long[] strides = new long[shape.Count];
        long stride = 1;
        for (int d = shape.Count - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= shape[d];
        }

        return strides;
    }

    /// <summary>Counts an index up, and gives the place in memory that belongs to it.</summary>
    public static long Next(Span<long> index, IReadOnlyList<long> shape, ReadOnlySpan<long> strides, long place, bool firstFastest)
    {
        for (int n = 0; n < index.Length; n++)
        {
            int d = firstFastest ? n : index.Length - 1 - n;
            place += strides[d];
            if (++index[d] < shape[d])
            {
                break;
            }

            place -= shape[d] * strides[d];
            index[d] = 0;
        }

        return place;
    }
}
