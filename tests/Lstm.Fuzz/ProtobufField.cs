namespace Lstm.Fuzz;

/// <summary>
/// A field of a message in Protobuf's wire format, with the fields within it if it can be read as a message itself. There is
/// no schema: what looks like a message is one.
/// </summary>
internal sealed class ProtobufField
{
    public const int VarintType = 0;
    public const int BytesType = 2;

    /// <summary>The highest number of a field that ONNX has, and some more.</summary>
    private const int MaxNumber = 31;

    private const int MaxDepth = 12;

    /// <summary>The number of the field.</summary>
    public int Number { get; set; }

    /// <summary>The type on the wire: 0 for a varint, 1 and 5 for 8 and 4 bytes, 2 for bytes with a length.</summary>
    public int Type { get; set; }

    /// <summary>What follows the number and type, without the length; of a message it is <see cref="Fields"/> that count.</summary>
    public byte[] Content { get; set; } = [];

    /// <summary>The fields of a message; null if it is none.</summary>
    public List<ProtobufField>? Fields { get; set; }

    /// <summary>Reads a message; null if the bytes are none.</summary>
    public static List<ProtobufField>? Read(ReadOnlySpan<byte> bytes, int depth = 0)
    {
        List<ProtobufField> fields = [];
        while (!bytes.IsEmpty)
        {
            if (Take(ref bytes) is not ulong tag || tag >> 3 is < 1 or > MaxNumber)
            {
                return null;
            }

            var field = new ProtobufField { Number = (int)(tag >> 3), Type = (int)(tag & 7) };
            ReadOnlySpan<byte> rest = bytes;
            ulong? length = field.Type switch
            {
                VarintType => Take(ref rest) is null ? null : (ulong)(bytes.Length - rest.Length),
                1 => 8,
                BytesType => Take(ref bytes),
                5 => 4,
                _ => null,
            };
            if (length is not ulong size || size > (ulong)bytes.Length)
            {
                return null;
            }

            field.Content = bytes[..(int)size].ToArray();
            field.Fields = field.Type == BytesType && size > 0 && depth < MaxDepth ? Read(field.Content, depth + 1) : null;
            bytes = bytes[(int)size..];
            fields.Add(field);
        }

        return fields;
    }

    /// <summary>The bytes of a message, with all lengths right.</summary>
    public static byte[] Write(IEnumerable<ProtobufField> fields) => [.. fields.SelectMany(field => field.ToBytes())];

    /// <summary>The field with all that is in it.</summary>
    public byte[] ToBytes()
    {
        byte[] content = Fields is null ? Content : Write(Fields);
        byte[] length = Type == BytesType ? ProtobufMutation.Varint((ulong)content.Length) : [];
        return [.. ProtobufMutation.Varint((ulong)((Number << 3) | Type)), .. length, .. content];
    }

    /// <summary>A field with the same in it.</summary>
    public ProtobufField Clone() => new()
    {
        Number = Number,
        Type = Type,
        Content = Content,
        Fields = Fields?.ConvertAll(field => field.Clone()),
    };

    private static ulong? Take(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int n = 0; n < bytes.Length && n < 10; n++)
        {
            value |= (ulong)(bytes[n] & 0x7f) << (7 * n);
            if (bytes[n] < 0x80)
            {
                bytes = bytes[(n + 1)..];
                return value;
            }
        }

        return null;
    }
}
