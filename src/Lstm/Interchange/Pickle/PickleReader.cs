using System.Buffers.Binary;
using System.Text;

namespace Lstm.Interchange.Pickle;

/// <summary>
/// Interprets the few instructions of Python's pickle (protocol 2, pickletools.py) that PyTorch's tensors need. It knows three
/// names and what stands for each; it never imports, calls or makes anything else. Any other instruction or name is an error.
/// </summary>
internal sealed class PickleReader
{
    private const int Protocol = 2;

    /// <summary>The most values, of up to a hundred bytes each.</summary>
    private const int MostValues = 60_000;

    private readonly byte[] _code;
    private readonly List<object?> _stack = [];
    private readonly Dictionary<int, object?> _memo = [];

    // The heights of the stack at its marks, below which nothing may be taken before the mark is.
    private readonly List<int> _marks = [];
    private int _at;
    private int _values;

    private PickleReader(byte[] code) => _code = code;

    /// <summary>Interprets a pickle.</summary>
    /// <returns>Null, a bool, long, double, string, <see cref="PickleSequence"/>, <see cref="PickleDictionary"/>, … or tensor.</returns>
    public static object? Read(byte[] code)
    {
        var reader = new PickleReader(code);
        object? value = reader.Run();
        return reader._at == code.Length ? value : throw reader.Error("something follows its end");
    }

    private ModelFormatException Error(string message) => new($"The pickle of the tensors cannot be read: {message}.", _at);

    private object? Run()
    {
        while (true)
        {
            byte code = Bytes(1)[0];
            if (code == (byte)PickleOpcode.Stop)
            {
                object? result = Pop();
                return _stack.Count + _marks.Count == 0 ? result : throw Error("it ends before it is complete");
            }

            var opcode = (PickleOpcode)code;
            if (!TryValue(opcode) && !TryCollection(opcode) && !TryReference(opcode))
            {
                _at--;
                throw Error($"the instruction {Describe(code)} is none of those that tensors need");
            }
        }
    }

    /// <summary>Pushes a plain value, if that is what the instruction does.</summary>
    private bool TryValue(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.None:
                Push(null);
                return true;
            case PickleOpcode.NewTrue:
                Push(true);
                return true;
            case PickleOpcode.NewFalse:
                Push(false);
                return true;
            case PickleOpcode.BinInt:
                Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)));
                return true;
            case PickleOpcode.BinInt1:
                Push((long)Bytes(1)[0]);
                return true;
            case PickleOpcode.BinInt2:
                Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2)));
                return true;
            case PickleOpcode.Long1:
                Push(LongNumber());
                return true;
            case PickleOpcode.BinFloat:
                Push(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8)));
                return true;
            case PickleOpcode.BinUnicode:
                Push(Text(Length()));
                return true;
            default:
                return false;
        }
    }

    /// <summary>Makes a tuple, list or dictionary or adds to one, if that is what the instruction does.</summary>
    private bool TryCollection(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Mark:
                Count();
                _marks.Add(_stack.Count);
                return true;
            case PickleOpcode.EmptyTuple:
                Push(new PickleSequence([]));
                return true;
            case PickleOpcode.Tuple1 or PickleOpcode.Tuple2 or PickleOpcode.Tuple3:
                int length = 1 + (opcode - PickleOpcode.Tuple1);
                Push(new PickleSequence(PopMany(_stack.Count - length)));
                return true;
            case PickleOpcode.Tuple:
                Push(new PickleSequence(PopToMark()));
                return true;
            case PickleOpcode.EmptyList:
                Push(new PickleSequence(new List<object?>()));
                return true;
            case PickleOpcode.Append:
                Append(PopMany(_stack.Count - 1));
                return true;
            case PickleOpcode.Appends:
                Append(PopToMark());
                return true;
            case PickleOpcode.EmptyDict:
                Push(new PickleDictionary());
                return true;
            case PickleOpcode.SetItem:
                SetItems(PopMany(_stack.Count - 2));
                return true;
            case PickleOpcode.SetItems:
                SetItems(PopToMark());
                return true;
            default:
                return false;
        }
    }

    /// <summary>Uses the memo, a name or what stands for a call, if that is what the instruction does.</summary>
    private bool TryReference(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto:
                CheckProtocol(Bytes(1)[0]);
                return true;
            case PickleOpcode.BinPut:
                Remember(Bytes(1)[0]);
                return true;
            case PickleOpcode.LongBinPut:
                Remember(Length());
                return true;
            case PickleOpcode.BinGet:
                Recall(Bytes(1)[0]);
                return true;
            case PickleOpcode.LongBinGet:
                Recall(Length());
                return true;
            case PickleOpcode.Global:
                Push(Name());
                return true;
            case PickleOpcode.BinPersId:
                Push(Storage(Pop()));
                return true;
            case PickleOpcode.Reduce:
                PickleSequence arguments = Pop() as PickleSequence ?? throw Error("arguments are not a tuple");
                Push(Make(Pop(), arguments.Items));
                return true;
            case PickleOpcode.Build:
                SetState(Pop());
                return true;
            default:
                return false;
        }
    }

    private void CheckProtocol(int protocol)
    {
        if (protocol != Protocol)
        {
            throw Error($"it is of protocol {protocol}, not {Protocol}, PyTorch's own choice");
        }
    }

    private static string Describe(byte instruction) =>
        instruction is > 0x20 and < 0x7f ? $"'{(char)instruction}'" : $"{instruction:x2}";

    /// <summary>What takes the place of a call, whose function must be one of the three.</summary>
    private object Make(object? function, IReadOnlyList<object?> arguments)
    {
        PickleName name = function as PickleName ?? throw Error("what is called is no name");
        if (name == TorchNames.OrderedDictionary && arguments.Count == 0)
        {
            return new PickleDictionary();
        }

        if (name == TorchNames.Parameter && arguments is [PickleTensor parameter, bool, ..])
        {
            return parameter;
        }

        if (name == TorchNames.Tensor
            && arguments is [PickleStorage storage, long offset, PickleSequence shape, PickleSequence strides, bool, ..])
        {
            var tensor = new PickleTensor(storage, offset, Numbers(shape), Numbers(strides));
            return offset >= 0 && tensor.Shape.Length == tensor.Strides.Length && tensor.IsWithinStorage
                ? tensor
                : throw Error($"a tensor of {TensorInfo.Describe(tensor.Shape)} is not within its storage of {storage.Count} numbers");
        }

        throw Error($"{name} cannot stand here, or not with these arguments");
    }

    private PickleStorage Storage(object? id) =>
        id is PickleSequence { Items: ["storage", PickleName type, string key, string, long count] }
            && TorchNames.StorageType(type) is string typeName && count >= 0
                ? new PickleStorage(typeName, key, count)
                : throw Error("a reference is not one to a storage of numbers");

    private long[] Numbers(PickleSequence tuple)
    {
        if (tuple.Items.Count > TensorFile.MostDimensions)
        {
            throw Error($"a tensor has more than {TensorFile.MostDimensions} dimensions");
        }

        return [.. tuple.Items.Select(item => item is long number and >= 0 ? number : throw Error("a shape has no whole numbers from 0"))];
    }

    /// <summary>Attributes of a state dict, such as the versions of its modules, are not needed.</summary>
    private void SetState(object? state)
    {
        if (state is not PickleDictionary || _stack is not [.., PickleDictionary])
        {
            throw Error("attributes are set on something else than a dictionary");
        }
    }

    private void Append(List<object?> items)
    {
        if (_stack is [.., PickleSequence { Items: List<object?> list }])
        {
            list.AddRange(items);
        }
        else
        {
            throw Error("something is added to what is no list");
        }
    }

    private void SetItems(List<object?> items)
    {
        if (items.Count % 2 != 0 || _stack is not [.., PickleDictionary dictionary])
        {
            throw Error("items are set on what is no dictionary");
        }

        for (int n = 0; n < items.Count; n += 2)
        {
            dictionary.Items.Add(new(items[n], items[n + 1]));
        }
    }

    private PickleName Name()
    {
        var name = new PickleName(Line(), Line());
        return TorchNames.IsKnown(name)
            ? name
            : throw Error($"it names {name}, which is none of {TorchNames.OrderedDictionary}, {TorchNames.Tensor}, "
                + $"{TorchNames.Parameter} and the storages of torch; nothing else is made or called");
    }

    private string Line()
    {
        int length = Array.IndexOf(_code, (byte)'\n', _at) - _at;
        if (length < 0)
        {
            throw Error("a name has no end");
        }

        string line = Text(length);
        _at++;
        return line;
    }

    private string Text(int length)
    {
        ReadOnlySpan<byte> bytes = Bytes(length);
        return System.Text.Unicode.Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw Error("a text is not UTF-8");
    }

    private long LongNumber()
    {
        ReadOnlySpan<byte> bytes = Bytes(Bytes(1)[0]);
        if (bytes.Length > sizeof(long))
        {
            throw Error("a whole number has more than 64 bits");
        }

        long number = bytes.Length > 0 && bytes[^1] >= 0x80 ? -1 : 0;
        for (int n = bytes.Length - 1; n >= 0; n--)
        {
            number = (number << 8) | bytes[n];
        }

        return number;
    }

    private int Length()
    {
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4));
        return length <= int.MaxValue ? (int)length : throw Error("a length is too large");
    }

    private ReadOnlySpan<byte> Bytes(int count)
    {
        if (count > _code.Length - _at)
        {
            _at = _code.Length;
            throw Error("it is cut off");
        }

        _at += count;
        return _code.AsSpan(_at - count, count);
    }

    private void Count()
    {
        if (++_values > MostValues)
        {
            throw Error($"it has more than {MostValues} values");
        }
    }

    private void Push(object? value)
    {
        Count();
        _stack.Add(value);
    }

    private object? Pop()
    {
        object? value = Top();
        _stack.RemoveAt(_stack.Count - 1);
        return value;
    }

    private object? Top() =>
        _stack.Count > (_marks.Count > 0 ? _marks[^1] : 0) ? _stack[^1] : throw Error("a value is missing");

    private List<object?> PopMany(int from)
    {
        if (from < (_marks.Count > 0 ? _marks[^1] : 0))
        {
            throw Error("a value is missing");
        }

        List<object?> values = _stack.GetRange(from, _stack.Count - from);
        _stack.RemoveRange(from, values.Count);
        return values;
    }

    private List<object?> PopToMark()
    {
        if (_marks.Count == 0)
        {
            throw Error("a mark is missing");
        }

        List<object?> values = PopMany(_marks[^1]);
        _marks.RemoveAt(_marks.Count - 1);
        return values;
    }

    private void Remember(int index)
    {
        Count();
        _memo[index] = Top();
    }

    private void Recall(int index) =>
        Push(_memo.TryGetValue(index, out object? value) ? value : throw Error($"the value {index} is not there"));
}
