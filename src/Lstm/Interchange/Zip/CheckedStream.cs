using System.IO.Compression;

namespace Lstm.Interchange.Zip;

/// <summary>
/// What is in a file within a zip: no more bytes than the directory says, an exception if there are fewer, and one at the end if
/// they do not have the checksum.
/// </summary>
internal sealed class CheckedStream : ReadOnlyStream
{
    private readonly ZipItem _item;
    private readonly ZipPart _part;
    private readonly DeflateStream? _inflater;
    private long _left;
    private uint _crc;

    /// <summary>Begins at the first byte of what is in the file.</summary>
    public CheckedStream(Stream zip, long start, ZipItem item)
    {
        (_item, _left) = (item, item.Size);
        _part = new ZipPart(zip, start, item.CompressedSize);
        _inflater = item.IsDeflated ? new DeflateStream(_part, CompressionMode.Decompress) : null;
    }

    /// <summary>Reads to the end of what should be at its end: then all bytes have been checked.</summary>
    public static void CheckEnd(Stream stream)
    {
        Span<byte> one = stackalloc byte[1];
        if (stream.Read(one) != 0)
        {
            throw new ModelFormatException("There is more in a file within the zip than it should have.");
        }
    }

    public override int Read(Span<byte> buffer)
    {
        if (_left == 0)
        {
            return _crc == _item.Crc ? 0 : throw new ModelFormatException($"'{_item.Name}' in the zip is damaged: its checksum differs.");
        }

        int count = ReadInner(buffer[..(int)Math.Min(buffer.Length, _left)]);
        if (count == 0 && buffer.Length > 0)
        {
            throw new ModelFormatException($"'{_item.Name}' in the zip ends {_left} bytes too early.");
        }

        _left -= count;
        _crc = Crc32.Append(_crc, buffer[..count]);
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _inflater?.Dispose();
            _part.Dispose();
        }

        base.Dispose(disposing);
    }

    private int ReadInner(Span<byte> buffer)
    {
        try
        {
            return _inflater?.Read(buffer) ?? _part.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new ModelFormatException($"'{_item.Name}' in the zip is damaged: {e.Message}", e);
        }
    }
}
