using Google.Protobuf;

namespace Lstm.Onnx.Protobuf;

/// <summary>
/// A message in Protobuf's wire format to be written: numbered fields, in the order in which they were added. A message
/// within another one is complete before it is added, since its length comes first.
/// </summary>
internal sealed class WireMessage
{
    private readonly List<Action<CodedOutputStream>> _fields = [];

    /// <summary>The bytes of all fields so far.</summary>
    public int Size { get; private set; }

    public WireMessage Add(int field, long value) => Add(
        field, WireFormat.WireType.Varint, CodedOutputStream.ComputeInt64Size(value), output => output.WriteInt64(value));

    public WireMessage Add(int field, float value) => Add(
        field, WireFormat.WireType.Fixed32, sizeof(float), output => output.WriteFloat(value));

    public WireMessage Add(int field, string value) => Add(
        field,
        WireFormat.WireType.LengthDelimited,
        CodedOutputStream.ComputeStringSize(value),
        output => output.WriteString(value));

    /// <summary>Adds bytes, which are not copied.</summary>
    public WireMessage Add(int field, ReadOnlyMemory<byte> value)
    {
        ByteString bytes = UnsafeByteOperations.UnsafeWrap(value);
        return Add(
            field,
            WireFormat.WireType.LengthDelimited,
            CodedOutputStream.ComputeBytesSize(bytes),
            output => output.WriteBytes(bytes));
    }

    public WireMessage Add(int field, WireMessage value) => Add(
        field,
        WireFormat.WireType.LengthDelimited,
        checked(CodedOutputStream.ComputeLengthSize(value.Size) + value.Size),
        output =>
        {
            output.WriteLength(value.Size);
            value.WriteTo(output);
        });

    public void WriteTo(CodedOutputStream output)
    {
        foreach (Action<CodedOutputStream> write in _fields)
        {
            write(output);
        }
    }

    private WireMessage Add(int field, WireFormat.WireType type, int size, Action<CodedOutputStream> write)
    {
        Size = checked(Size + CodedOutputStream.ComputeTagSize(field) + size);
        _fields.Add(output =>
        {
            output.WriteTag(field, type);
            write(output);
        });
        return this;
    }
}
