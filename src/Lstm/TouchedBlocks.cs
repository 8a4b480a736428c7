namespace Lstm;

/// <summary>
/// Which parts of a gradient have been written to since it was cleared, as far as that is known. A batch has few tokens of a
/// large vocabulary, and most of the gradient of an embedding is zero.
/// </summary>
/// <remarks>
/// It is known by blocks of numbers, those that sums of squares are taken of: as the others add exactly 0 to a norm, a norm is
/// the same to the last bit whether or not anything is known.
/// </remarks>
internal sealed class TouchedBlocks(int count)
{
    /// <summary>The numbers of a block; a multiple of any vector's.</summary>
    public const int Length = 512;

    private bool[] _touched = [];
    private bool _all;
    private bool _unknown;

    /// <summary>The blocks that there are.</summary>
    public int Count => ((count - 1) / Length) + 1;

    /// <summary>About how many numbers have been written to: their blocks'.</summary>
    public long Numbers => _all || _unknown ? count : (long)_touched.AsSpan().Count(true) * Length;

    /// <summary>Marks some numbers.</summary>
    public void Add(int start, int length)
    {
        if (_all || _unknown)
        {
            return;
        }

        if (_touched.Length == 0)
        {
            _touched = new bool[Count];
        }

        int first = start / Length;
        _touched.AsSpan(first, ((start + length - 1) / Length) - first + 1).Fill(true);
    }

    /// <summary>Marks all numbers, until <see cref="Clear"/>.</summary>
    public void AddAll() => _all = true;

    /// <summary>Marks all numbers for good.</summary>
    public void TrackNoMore() => _unknown = true;

    /// <summary>Takes away all marks.</summary>
    public void Clear()
    {
        Array.Clear(_touched);
        _all = false;
    }

    /// <summary>The numbers of some blocks that are marked, in their order and in ranges as long as possible.</summary>
    public Ranges Within(int firstBlock, int endBlock) =>
        _all || _unknown ? All(firstBlock, endBlock)
        : _touched.Length == 0 ? default
        : new Ranges(_touched, firstBlock, endBlock, count);

    /// <summary>The numbers of some blocks, marked or not.</summary>
    public Ranges All(int firstBlock, int endBlock) => new(null, firstBlock, endBlock, count);

    /// <summary>Goes through ranges of numbers; those of all blocks if it is given no marks.</summary>
    public struct Ranges(bool[]? touched, int block, int endBlock, int count)
    {
        public Range Current { get; private set; }

        public readonly Ranges GetEnumerator() => this;

        public bool MoveNext()
        {
            while (block < endBlock && touched?[block] == false)
            {
                block++;
            }

            int first = block;
            while (block < endBlock && touched?[block] != false)
            {
                block++;
            }

            Current = (first * Length)..(int)Math.Min((long)block * Length, count);
            return block > first;
        }
    }
}
