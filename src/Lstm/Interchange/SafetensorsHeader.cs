using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Lstm.Interchange;

/// <summary>
/// Builds the header of a safetensors file as the reference does: metadata first, then the tensors by the alignment of their
/// types, the largest first, and by name; JSON without spaces, padded with spaces to a multiple of 8.
/// </summary>
internal static class SafetensorsHeader
{
    private const int Alignment = 8;

    /// <summary>The order in which the numbers follow.</summary>
    public static IEnumerable<TensorSet.Item> Order(IEnumerable<TensorSet.Item> items) => items
        .OrderByDescending(item => TensorBytes.SizeOf(item.ElementType))
        .ThenBy(item => item.Name, Utf8Comparer.Instance);

    /// <summary>The length of the header and the header.</summary>
    public static byte[] Build(IEnumerable<TensorSet.Item> items, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        var json = new StringBuilder("{");
        string separator = AppendMetadata(json, metadata) ? "," : string.Empty;
        long offset = 0;
        foreach (TensorSet.Item item in Order(items))
        {
            json.Append(separator);
            separator = ",";
            AppendText(json, item.Name);
            json.Append(CultureInfo.InvariantCulture, $$""":{"dtype":"{{item.ElementType}}","shape":[""")
                .AppendJoin(',', item.Shape)
                .Append(CultureInfo.InvariantCulture, $$"""],"data_offsets":[{{offset}},{{offset + item.Bytes}}]}""");
            offset += item.Bytes;
        }

        json.Append('}');
        int length = Encoding.UTF8.GetByteCount(json.ToString());
        int padded = (length + Alignment - 1) / Alignment * Alignment;
        Guard.Shape(
            padded <= SafetensorsFile.MostHeaderBytes,
            $"with a header of at most {SafetensorsFile.MostHeaderBytes} bytes",
            $"with {padded}",
            nameof(metadata));
        byte[] header = new byte[SafetensorsFile.LengthBytes + padded];
        BinaryPrimitives.WriteUInt64LittleEndian(header, (ulong)padded);
        Span<byte> text = header.AsSpan(SafetensorsFile.LengthBytes);
        text.Fill((byte)' ');
        Encoding.UTF8.GetBytes(json.ToString(), text);
        return header;
    }

    private static bool AppendMetadata(StringBuilder json, IEnumerable<KeyValuePair<string, string>> metadata)
    {
        string separator = $"\"{SafetensorsFile.MetadataKey}\":{{";
        bool any = false;
        foreach ((string key, string value) in metadata)
        {
            Guard.Shape(
                Utf8Comparer.IsWellFormed(key) && Utf8Comparer.IsWellFormed(value), "well-formed text", $"not, at {key}", nameof(metadata));
            json.Append(separator);
            AppendText(json, key);
            json.Append(':');
            AppendText(json, value);
            (separator, any) = (",", true);
        }

        json.Append(any ? "}" : string.Empty);
        return any;
    }

    /// <summary>Escapes no more than JSON asks for.</summary>
    private static void AppendText(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\b' => json.Append("\\b"),
                '\t' => json.Append("\\t"),
                '\n' => json.Append("\\n"),
                '\f' => json.Append("\\f"),
                '\r' => json.Append("\\r"),
                < ' ' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => json.Append(c),
            };
        }

        json.Append('"');
    }
}
