namespace Lstm.Interchange.Pickle;

/// <summary>A tensor: a view of a storage.</summary>
internal sealed record PickleTensor(PickleStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>Whether all its elements are within its storage.</summary>
    public bool IsWithinStorage
    {
        get
        {
            Int128 last = Offset;
            for (int d = 0; d < Shape.Length; d++)
            {
                if (Shape[d] == 0)
                {
                    return Offset <= Storage.Count;
                }

                last += (Int128)(Shape[d] - 1) * Strides[d];
            }

            return last < Storage.Count;
        }
    }
}
