using System.Buffers.Binary;
using System.Text;

namespace Lstm.Interchange.Zip;

/// <summary>
/// Reads zip files (PKWARE's APPNOTE), more strictly than most programs and with bounds: what is within may not be larger than
/// twice the file and 8 MB, so that a small file cannot blow up. The base library's <c>ZipArchive</c> has neither bounds
/// on its directory nor, up to .NET 9, checksums.
/// </summary>
internal sealed class ZipContents
{
    /// <summary>How much larger than the file what is within may be, besides <see cref="FreeBytes"/>.</summary>
    public const int MostGrowth = 2;

    /// <summary>What any file may take, however small it is: half of the 16 MB that reading one may.</summary>
    public const long FreeBytes = 8_000_000;

    /// <summary>The most files within; each of them takes memory and time even if it is empty.</summary>
    private const int MostItems = 4096;

    /// <summary>What a name, and what else the directory has on a file, may take on average.</summary>
    private const int MostNameBytes = 1024;

    private const uint EndSignature = 0x06054b50;
    private const uint End64Signature = 0x06064b50;
    private const uint Locator64Signature = 0x07064b50;
    private const uint DirectorySignature = 0x02014b50;
    private const uint HeaderSignature = 0x04034b50;
    private const int EndBytes = 22;
    private const int End64Bytes = 56;
    private const int Locator64Bytes = 20;
    private const int DirectoryItemBytes = 46;
    private const int HeaderBytes = 30;
    private const int Stored = 0;
    private const int Deflated = 8;
    private const ushort Extra64 = 1;
    private const int EncryptedFlag = 1;

    private readonly Stream _stream;
    private readonly List<ZipItem> _items = [];

    private ZipContents(Stream stream) => _stream = stream;

    /// <summary>The files within, in the order of the directory.</summary>
    public IReadOnlyList<ZipItem> Items => _items;

    /// <summary>Whether a file begins as a zip does.</summary>
    public static bool IsZip(Stream stream)
    {
        Span<byte> begin = stackalloc byte[sizeof(uint)];
        stream.Position = 0;
        return stream.ReadAtLeast(begin, begin.Length, throwOnEndOfStream: false) == begin.Length
            && BinaryPrimitives.ReadUInt32LittleEndian(begin) is HeaderSignature or EndSignature;
    }

    /// <summary>The most bytes that what is made of a file may take.</summary>
    public static long MostBytes(long fileLength) => (MostGrowth * fileLength) + FreeBytes;

    /// <summary>Reads the directory.</summary>
    public static ZipContents Read(Stream stream)
    {
        var contents = new ZipContents(stream);
        contents.ReadDirectory();
        return contents;
    }

    /// <summary>The bytes of a file within; it ends with an exception if there are fewer, or others than the checksum's.</summary>
    public Stream Open(ZipItem item)
    {
        byte[] header = ReadAt(item.HeaderOffset, HeaderBytes, "the header of a file within");
        if (U32(header, 0) != HeaderSignature || U16(header, 8) != (item.IsDeflated ? Deflated : Stored))
        {
            throw new ModelFormatException($"'{item.Name}' has another header than the zip's directory says.", item.HeaderOffset);
        }

        long start = item.HeaderOffset + HeaderBytes + U16(header, 26) + U16(header, 28);
        if (start > _stream.Length - item.CompressedSize)
        {
            throw new ModelFormatException($"The zip ends within '{item.Name}'.", start);
        }

        return new CheckedStream(_stream, start, item);
    }

    /// <summary>All bytes of a file within.</summary>
    public byte[] ReadAll(ZipItem item)
    {
        if (item.Size > Array.MaxLength)
        {
            throw new ModelFormatException($"'{item.Name}' in the zip is larger than an array can be.");
        }

        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)item.Size);
        using Stream stream = Open(item);
        stream.ReadExactly(bytes);
        CheckedStream.CheckEnd(stream);
        return bytes;
    }

    private static ushort U16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint U32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ulong U64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

    private byte[] ReadAt(long position, long count, string what)
    {
        if (position < 0 || count > _stream.Length - position)
        {
            throw new ModelFormatException($"The zip ends within {what}, or it is damaged.", position);
        }

        byte[] bytes = GC.AllocateUninitializedArray<byte>(checked((int)count));
        _stream.Position = position;
        _stream.ReadExactly(bytes);
        return bytes;
    }

    private void ReadDirectory()
    {
        (long start, long size, long count) = FindDirectory();
        if (count > MostItems || size > count * (DirectoryItemBytes + MostNameBytes))
        {
            throw new ModelFormatException($"The zip has a directory of {count} files and {size} bytes, which is too much.");
        }

        byte[] directory = ReadAt(start, size, "the directory");
        int at = 0;
        long total = 0;
        for (long n = 0; n < count; n++)
        {
            ZipItem item = ReadItem(directory.AsSpan(at), start + at, out int length);
            at += length;
            total += item.Size;
            _items.Add(item);
            if (item.CompressedSize > _stream.Length || total > MostBytes(_stream.Length))
            {
                throw new ModelFormatException(
                    $"What is in the zip is more than {MostGrowth} times as large as the zip and {FreeBytes} bytes, at '{item.Name}'.");
            }
        }

        if (at != directory.Length)
        {
            throw new ModelFormatException("The zip's directory is longer than its files take.", start + at);
        }
    }

    private (long Start, long Size, long Count) FindDirectory()
    {
        long length = _stream.Length;
        int tailLength = (int)Math.Min(length, EndBytes + ushort.MaxValue);
        byte[] tail = ReadAt(length - tailLength, tailLength, "its end");
        int at = tailLength - EndBytes;
        while (at >= 0 && !(U32(tail, at) == EndSignature && U16(tail, at + 20) == tailLength - at - EndBytes))
        {
            at--;
        }

        if (at < 0)
        {
            throw new ModelFormatException("The zip has no end: it is cut off or damaged.");
        }

        long end = length - tailLength + at;
        if (U16(tail, at + 4) != 0 || U16(tail, at + 6) != 0 || U16(tail, at + 8) != U16(tail, at + 10))
        {
            throw new ModelFormatException("The zip is one of several parts, which is not read.", end);
        }

        (long start, long size, long count) = (U32(tail, at + 16), U32(tail, at + 12), U16(tail, at + 10));
        if (start == uint.MaxValue || size == uint.MaxValue || count == ushort.MaxValue)
        {
            (start, size, count, end) = FindDirectory64(end);
        }

        return start >= 0 && size >= 0 && count >= 0 && start <= end && size <= end - start
            ? (start, size, count)
            : throw new ModelFormatException("The zip's directory is not where its end says.", end);
    }

    /// <summary>The directory of a zip of more than 4 GB, or of a writer that always writes so.</summary>
    private (long Start, long Size, long Count, long End) FindDirectory64(long end)
    {
        byte[] locator = ReadAt(end - Locator64Bytes, Locator64Bytes, "its end");
        long at = (long)U64(locator, 8);
        if (U32(locator, 0) != Locator64Signature || at < 0 || at > end - Locator64Bytes - End64Bytes)
        {
            throw new ModelFormatException("The zip's large directory is not there.", end);
        }

        byte[] record = ReadAt(at, End64Bytes, "its end");
        return U32(record, 0) == End64Signature && U32(record, 16) == 0 && U32(record, 20) == 0 && U64(record, 24) == U64(record, 32)
            ? ((long)U64(record, 48), (long)U64(record, 40), (long)U64(record, 32), at)
            : throw new ModelFormatException("The zip's large directory is damaged.", at);
    }

    private static ZipItem ReadItem(ReadOnlySpan<byte> bytes, long position, out int length)
    {
        length = 0;
        if (bytes.Length < DirectoryItemBytes || U32(bytes, 0) != DirectorySignature)
        {
            throw new ModelFormatException("The zip's directory is damaged.", position);
        }

        (int nameLength, int extraLength) = (U16(bytes, 28), U16(bytes, 30));
        length = DirectoryItemBytes + nameLength + extraLength + U16(bytes, 32);
        if (length > bytes.Length)
        {
            throw new ModelFormatException("The zip's directory is cut off.", position);
        }

        string name = Encoding.UTF8.GetString(bytes.Slice(DirectoryItemBytes, nameLength));
        int method = U16(bytes, 10);
        if ((U16(bytes, 8) & EncryptedFlag) != 0 || method is not (Stored or Deflated))
        {
            throw new ModelFormatException($"'{name}' in the zip is encrypted or compressed by method {method}, which is not read.", position);
        }

        (long size, long compressed, long offset) = (U32(bytes, 24), U32(bytes, 20), U32(bytes, 42));
        Extra(bytes.Slice(DirectoryItemBytes + nameLength, extraLength), ref size, ref compressed, ref offset);
        return size >= 0 && compressed >= 0 && offset >= 0 && (method == Deflated || size == compressed)
            ? new ZipItem(name, method == Deflated, U32(bytes, 16), compressed, size, offset)
            : throw new ModelFormatException($"The sizes of '{name}' in the zip make no sense.", position);
    }

    /// <summary>Takes those numbers that do not fit into 32 bits from the extra fields after the name.</summary>
    private static void Extra(ReadOnlySpan<byte> fields, ref long size, ref long compressed, ref long offset)
    {
        while (fields.Length >= 4)
        {
            int length = Math.Min(U16(fields, 2), fields.Length - 4);
            if (U16(fields, 0) == Extra64)
            {
                ReadOnlySpan<byte> field = fields.Slice(4, length);
                Take(ref field, ref size);
                Take(ref field, ref compressed);
                Take(ref field, ref offset);
            }

            fields = fields[(4 + length)..];
        }

        static void Take(ref ReadOnlySpan<byte> field, ref long number)
        {
            if (number == uint.MaxValue && field.Length >= sizeof(ulong))
            {
                number = (long)U64(field, 0);
                field = field[sizeof(ulong)..];
            }
        }
    }
}
