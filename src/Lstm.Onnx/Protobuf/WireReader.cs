using Google.Protobuf;

namespace Lstm.Onnx.Protobuf;

/// <summary>
/// Reads messages in Protobuf's wire format, field by field. Everything is bounded: a field by the message that it is in,
/// the bytes of tensors by the file, and what else is made by an allowance, so that no file makes its reader take more
/// memory than twice its own size and <see cref="Allowance"/>.
/// </summary>
internal sealed class WireReader : IDisposable
{
    /// <summary>The bytes that everything but the contents of tensors may take.</summary>
    public const int Allowance = 10 << 20;

    /// <summary>What a message, its lists and what is made of it later take; rounded up.</summary>
    private const int MessageSize = 640;

    /// <summary>What a text or an array of bytes takes beside its contents, with its place in a list; rounded up.</summary>
    private const int TextSize = 160;

    /// <summary>How deep messages may lie within one another: graphs within graphs, for which a Scan in a Scan needs 13.</summary>
    private const int MaxDepth = 20;

    private readonly CodedInputStream _input;
    private long _end;
    private long _left = Allowance;
    private int _depth;
    private WireFormat.WireType _type;

    public WireReader(byte[] file)
    {
        _input = new CodedInputStream(file);
        _end = file.Length;
    }

    public void Dispose() => _input.Dispose();

    /// <summary>The number of the field that is read next.</summary>
    public int Field { get; private set; }

    /// <summary>Goes on to the next field of the message.</summary>
    /// <returns>False at the end of the message.</returns>
    public bool Next()
    {
        if (_input.Position >= _end)
        {
            CheckEnd();
            return false;
        }

        uint tag = _input.ReadTag();
        (Field, _type) = (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag));
        return true;
    }

    /// <summary>Passes over a field that does not matter.</summary>
    public void Skip() => _input.SkipLastField();

    public long Integer()
    {
        Expect(WireFormat.WireType.Varint);
        return _input.ReadInt64();
    }

    public float Number()
    {
        Expect(WireFormat.WireType.Fixed32);
        return _input.ReadFloat();
    }

    public string Text()
    {
        ByteString bytes = Bytes();
        Take(3L * bytes.Length);
        return bytes.ToStringUtf8();
    }

    /// <summary>Bytes, at most as many as the file has.</summary>
    public ByteString Bytes()
    {
        Expect(WireFormat.WireType.LengthDelimited);
        Take(TextSize);
        ByteString bytes = _input.ReadBytes();
        CheckEnd();
        return bytes;
    }

    /// <summary>A message within this one.</summary>
    public TMessage Message<TMessage>(Func<WireReader, TMessage> read)
    {
        Expect(WireFormat.WireType.LengthDelimited);
        Take(MessageSize);
        if (++_depth > MaxDepth)
        {
            throw new OnnxException($"The graphs within graphs are more than {MaxDepth} messages deep.");
        }

        long outer = _end;
        Enter();
        TMessage message = read(this);
        CheckEnd();
        _end = outer;
        _depth--;
        return message;
    }

    /// <summary>Integers, one in a field of its own or several packed into one.</summary>
    public void Integers(List<long> values) => Repeated(WireFormat.WireType.Varint, values, input => input.ReadInt64());

    /// <summary>Numbers, one in a field of its own or several packed into one.</summary>
    public void Numbers(List<float> values) => Repeated(WireFormat.WireType.Fixed32, values, input => input.ReadFloat());

    /// <summary>Goes into what has a length in front of it; its end becomes this reader's.</summary>
    private void Enter()
    {
        int length = _input.ReadLength();
        if (length < 0 || length > _end - _input.Position)
        {
            throw new OnnxException($"A field at byte {_input.Position} is longer than what it is in.");
        }

        _end = _input.Position + length;
    }

    private void Repeated<TValue>(WireFormat.WireType type, List<TValue> values, Func<CodedInputStream, TValue> read)
    {
        if (_type == type)
        {
            Add();
            return;
        }

        Expect(WireFormat.WireType.LengthDelimited);
        long outer = _end;
        Enter();
        while (_input.Position < _end)
        {
            Add();
        }

        CheckEnd();
        _end = outer;

        void Add()
        {
            // A list grows to twice its length, and leaves the array that was half as long.
            Take(4 * sizeof(long));
            values.Add(read(_input));
        }
    }

    private void Expect(WireFormat.WireType type)
    {
        if (_type != type)
        {
            throw new OnnxException($"Field {Field} at byte {_input.Position} is of another type ({_type}) than in ONNX ({type}).");
        }
    }

    private void CheckEnd()
    {
        if (_input.Position > _end)
        {
            throw new OnnxException($"A field that ends at byte {_input.Position} is longer than what it is in.");
        }
    }

    private void Take(long bytes)
    {
        _left -= bytes;
        if (_left < 0)
        {
            throw new OnnxException(
                $"The graph is too large: what is not the contents of tensors takes more than {Allowance >> 20} MB.");
        }
    }
}
