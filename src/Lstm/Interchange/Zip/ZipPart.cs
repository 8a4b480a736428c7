namespace Lstm.Interchange.Zip;

/// <summary>A part of a stream, which it does not close.</summary>
internal sealed class ZipPart(Stream stream, long start, long length) : ReadOnlyStream
{
    private long _read;

    public override int Read(Span<byte> buffer)
    {
        int count = (int)Math.Min(buffer.Length, length - _read);
        stream.Position = start + _read;
        count = stream.Read(buffer[..count]);
        _read += count;
        return count;
    }
}
