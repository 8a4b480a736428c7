using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Lstm.Interchange;

/// <summary>
/// A safetensors file that is open to be read. It begins with the length of its header, eight bytes in little-endian order;
/// then comes the header, a JSON object of <c>"name": {"dtype": …, "shape": […], "data_offsets": [begin, end]}</c>; and then
/// the numbers, to which the offsets refer.
/// </summary>
/// <remarks>
/// It is read as strictly as the format's documentation and reference (github.com/huggingface/safetensors) say: the header is
/// at most 100,000,000 bytes and within the file, UTF-8, and without duplicate keys; the tensors cover the rest of the file
/// without a hole or an overlap; each is of the size that its shape and type make; metadata is text. Spaces around the header's
/// object, tensors without dimensions or elements, and NaN are allowed. Beyond the format's own limits, a file may have
/// 32,768 tensors of 32 dimensions, with names of 2,000,000 characters together.
/// </remarks>
public sealed class SafetensorsFile : TensorFile
{
    internal const string MetadataKey = "__metadata__";
    internal const long MostHeaderBytes = 100_000_000;
    internal const int LengthBytes = sizeof(ulong);

    private readonly byte[] _header;
    private readonly List<(long Begin, long End)> _offsets = [];
    private readonly Dictionary<string, Range> _metadata = new(StringComparer.Ordinal);

    private SafetensorsFile(Stream stream, bool leaveOpen)
        : base(stream, leaveOpen)
    {
        _header = ReadHeader(stream);
        try
        {
            ParseHeader();
        }
        catch (JsonException e)
        {
            throw new ModelFormatException($"The header is not well-formed JSON: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            // Half of a character that takes two: "\ud800", say.
            throw new ModelFormatException("The header contains text that is not well-formed.", e);
        }

        CheckOffsets();
    }

    /// <summary>What the file's metadata are called.</summary>
    public IReadOnlyCollection<string> MetadataKeys => _metadata.Keys;

    private long DataStart => LengthBytes + _header.Length;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The open file, to be disposed of.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="path"/> is null.</exception>
    /// <exception cref="ModelFormatException">The file is not safetensors, or damaged.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static new SafetensorsFile Open(string path) => Open(path, stream => Open(stream));

    /// <summary>Opens a stream.</summary>
    /// <param name="stream">A stream that can seek, from its beginning; all of it is the file.</param>
    /// <param name="leaveOpen">Whether the stream is left open when this is disposed of.</param>
    /// <returns>The open file, to be disposed of.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="stream"/> is null.</exception>
    /// <exception cref="ArgumentException">The stream cannot be read or cannot seek.</exception>
    /// <exception cref="ModelFormatException">The file is not safetensors, or damaged.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static new SafetensorsFile Open(Stream stream, bool leaveOpen = false)
    {
        CheckStream(stream);
        return new SafetensorsFile(stream, leaveOpen);
    }

    /// <inheritdoc/>
    public override string? Metadata(string key)
    {
        byte[]? utf8 = MetadataUtf8(key);
        return utf8 is null ? null : Encoding.UTF8.GetString(utf8);
    }

    /// <summary>Text beside the tensors, in half the memory that it takes as a <see cref="string"/>.</summary>
    internal byte[]? MetadataUtf8(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!_metadata.TryGetValue(key, out Range range))
        {
            return null;
        }

        var reader = new Utf8JsonReader(_header.AsSpan(range));
        reader.Read();
        try
        {
            byte[] text = new byte[reader.ValueSpan.Length];
            int length = reader.CopyString(text);
            return length == text.Length ? text : text[..length];
        }
        catch (InvalidOperationException e)
        {
            throw new ModelFormatException($"The text of the metadata '{key}' is not well-formed.", e);
        }
    }

    /// <inheritdoc/>
    private protected override void ReadCore<T>(TensorInfo tensor, Span<T> values) => ReadPart(tensor, 0, values);

    private void ReadPart<T>(TensorInfo tensor, long first, Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Stream.Position = DataStart + _offsets[tensor.Index].Begin + (first * TensorBytes.SizeOf(tensor.ElementType));
        TensorBytes.Read(Stream, tensor.ElementType, littleEndian: true, values);
    }

    /// <summary>Reads some of a tensor's numbers, from a given one on, which it must have.</summary>
    internal void ReadPart<T>(string name, long first, Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ReadPart(Readable<T>(name), first, values);

    private static byte[] ReadHeader(Stream stream)
    {
        if (stream.Length < LengthBytes)
        {
            throw new ModelFormatException(
                $"The file has {stream.Length} bytes, but the length of the header alone takes {LengthBytes}.");
        }

        stream.Position = 0;
        Span<byte> lengthBytes = stackalloc byte[LengthBytes];
        stream.ReadExactly(lengthBytes);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(lengthBytes);
        if (length > MostHeaderBytes)
        {
            throw new ModelFormatException($"The file is not safetensors: its header would be {length} bytes long, more than {MostHeaderBytes}.", 0);
        }

        if ((long)length > stream.Length - LengthBytes)
        {
            throw new ModelFormatException(
                $"The header is {length} bytes long by its length, but the file ends {stream.Length - LengthBytes} bytes after it.", 0);
        }

        byte[] header = GC.AllocateUninitializedArray<byte>((int)length);
        stream.ReadExactly(header);
        int valid = System.Text.Unicode.Utf8.IsValid(header) ? header.Length : FirstInvalid(header);
        return valid == header.Length
            ? header
            : throw new ModelFormatException("The header is not UTF-8.", LengthBytes + valid);
    }

    /// <summary>Where text stops being UTF-8.</summary>
    private static int FirstInvalid(ReadOnlySpan<byte> text)
    {
        int at = 0;
        while (Rune.DecodeFromUtf8(text[at..], out _, out int consumed) == System.Buffers.OperationStatus.Done)
        {
            at += consumed;
        }

        return at;
    }

    private void ParseHeader()
    {
        var reader = new Utf8JsonReader(_header);
        bool hasMetadata = false;
        Expect(ref reader, JsonTokenType.StartObject, "the header, an object");
        while (Next(ref reader) != JsonTokenType.EndObject)
        {
            string name = reader.GetString()!;
            if (name != MetadataKey)
            {
                ParseTensor(ref reader, name);
            }
            else if (!hasMetadata)
            {
                hasMetadata = true;
                ParseMetadata(ref reader);
            }
            else
            {
                throw Error(reader, $"'{MetadataKey}' is there twice.");
            }
        }

        while (reader.Read())
        {
            // White space may follow; anything else is a JsonException.
        }
    }

    private void ParseMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, $"'{MetadataKey}', an object");
        while (Next(ref reader) != JsonTokenType.EndObject)
        {
            string key = reader.GetString()!;
            CountName(key);
            if (_metadata.Count == MostTensors)
            {
                throw Error(reader, $"There are more than {MostTensors} keys in '{MetadataKey}'.");
            }

            Expect(ref reader, JsonTokenType.String, $"the metadata '{key}', a text");
            var range = new Range((int)reader.TokenStartIndex, (int)reader.BytesConsumed);
            if (!_metadata.TryAdd(key, range))
            {
                throw Error(reader, $"The metadata '{key}' are there twice.");
            }
        }
    }

    private void ParseTensor(ref Utf8JsonReader reader, string name)
    {
        string? type = null;
        long[]? shape = null;
        long[]? offsets = null;
        Expect(ref reader, JsonTokenType.StartObject, $"the tensor '{name}', an object");
        while (Next(ref reader) != JsonTokenType.EndObject)
        {
            bool twice = false;
            if (reader.ValueTextEquals("dtype"u8))
            {
                twice = type is not null;
                Expect(ref reader, JsonTokenType.String, $"the type of '{name}', a text");
                type = reader.GetString();
            }
            else if (reader.ValueTextEquals("shape"u8))
            {
                twice = shape is not null;
                shape = ParseNumbers(ref reader, name, MostDimensions);
            }
            else if (reader.ValueTextEquals("data_offsets"u8))
            {
                twice = offsets is not null;
                offsets = ParseNumbers(ref reader, name, 2);
            }
            else
            {
                // As the reference does with what it does not know.
                reader.Skip();
            }

            if (twice)
            {
                throw Error(reader, $"A property of the tensor '{name}' is there twice.");
            }
        }

        if (type is null || shape is null || offsets is not [long begin, long end])
        {
            throw Error(reader, $"The tensor '{name}' lacks its dtype, its shape, or two data_offsets.");
        }

        CheckSize(Add(name, type, shape), begin, end);
        _offsets.Add((begin, end));
    }

    private static void CheckSize(TensorInfo tensor, long begin, long end)
    {
        if (!SafetensorsTypes.TryGetBits(tensor.TypeName, out int bits))
        {
            throw new ModelFormatException($"The type of the tensor '{tensor.Name}' is unknown: '{tensor.TypeName}'.");
        }

        // The number of bits may be more than a long holds, and need not make whole bytes.
        UInt128 size = (UInt128)tensor.Count * (UInt128)bits;
        if (end < begin || size != (UInt128)(end - begin) * 8)
        {
            throw new ModelFormatException(
                $"The tensor {tensor} lies from {begin} to {end}, but takes {(decimal)size / 8} bytes.");
        }
    }

    private static long[] ParseNumbers(ref Utf8JsonReader reader, string name, int most)
    {
        Expect(ref reader, JsonTokenType.StartArray, $"an array of '{name}'");
        Span<long> numbers = stackalloc long[MostDimensions];
        int count = 0;
        while (Next(ref reader) != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out long number) || number < 0
                || reader.ValueSpan[0] == (byte)'-')
            {
                throw Error(reader, $"The tensor '{name}' must have whole numbers from 0 to 2^63 - 1 as shape and offsets.");
            }

            if (count == most)
            {
                throw Error(reader, $"An array of the tensor '{name}' has more than {most} numbers.");
            }

            numbers[count++] = number;
        }

        return numbers[..count].ToArray();
    }

    /// <summary>The tensors in the order of their offsets must cover the rest of the file, each beginning where one ends.</summary>
    private void CheckOffsets()
    {
        long end = 0;
        foreach (TensorInfo tensor in Tensors.OrderBy(tensor => _offsets[tensor.Index]))
        {
            (long begin, long next) = _offsets[tensor.Index];
            if (begin != end)
            {
                throw new ModelFormatException(
                    $"The tensor {tensor} begins at {begin}, where there is {(begin > end ? "a hole before it" : "another one")}: "
                    + $"the one before ends at {end}.");
            }

            end = next;
        }

        long data = Stream.Length - DataStart;
        if (end != data)
        {
            throw new ModelFormatException($"The tensors take {end} bytes, but {data} follow the header.");
        }
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) =>
        reader.Read() ? reader.TokenType : throw Error(reader, "The header ends too early.");

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string what)
    {
        if (Next(ref reader) != type)
        {
            throw Error(reader, $"There should be {what}, but there is {reader.TokenType}.");
        }
    }

    private static ModelFormatException Error(in Utf8JsonReader reader, string message) =>
        new(message, LengthBytes + reader.TokenStartIndex);
}
