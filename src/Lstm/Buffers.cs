namespace Lstm;

/// <summary>Arrays for what lies between the parts of one computation. Each grows to the largest length asked for.</summary>
internal sealed class Buffers<T>(int count)
{
    private readonly T[][] _arrays = [.. Enumerable.Repeat(Array.Empty<T>(), count)];

    public Span<T> Get(int buffer, int length)
    {
        if (_arrays[buffer].Length < length)
        {
            _arrays[buffer] = GC.AllocateUninitializedArray<T>(length);
        }

        return _arrays[buffer].AsSpan(0, length);
    }
}
