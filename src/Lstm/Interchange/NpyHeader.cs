using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Lstm.Interchange;

/// <summary>
/// What stands before the numbers of a file of NumPy (numpy.lib.format): <c>\x93NUMPY</c>, the version, the length, and a
/// Python dictionary of <c>descr</c> (the type), <c>fortran_order</c> and <c>shape</c>.
/// </summary>
internal sealed record NpyHeader(string TypeName, bool IsLittleEndian, bool IsFortranOrder, long[] Shape, int Length)
{
    /// <summary>NumPy does not read longer ones either, by default.</summary>
    private const int MostBytes = 10_000;

    /// <summary>Where the numbers begin is a multiple of this.</summary>
    private const int Alignment = 64;

    /// <summary>Reads a header and leaves the stream at the numbers.</summary>
    public static NpyHeader Read(Stream stream, string name)
    {
        Span<byte> start = stackalloc byte[12];
        stream.ReadExactly(start[..8]);
        if (start[0] != 0x93 || !start[1..6].SequenceEqual("NUMPY"u8) || start[6] is < 1 or > 3)
        {
            throw new ModelFormatException($"'{name}' is not an array of NumPy of version 1 to 3.");
        }

        int lengthBytes = start[6] == 1 ? sizeof(ushort) : sizeof(uint);
        Span<byte> length = start.Slice(8, lengthBytes);
        stream.ReadExactly(length);
        uint count = lengthBytes == sizeof(ushort)
            ? BinaryPrimitives.ReadUInt16LittleEndian(length)
            : BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (count > MostBytes)
        {
            throw new ModelFormatException($"The header of '{name}' has {count} bytes, more than {MostBytes}.");
        }

        byte[] text = new byte[count];
        stream.ReadExactly(text);
        return Parse(Encoding.UTF8.GetString(text), name, 8 + lengthBytes + (int)count);
    }

    /// <summary>The header of version 1 that NumPy writes for a little-endian array in C's order.</summary>
    public static byte[] Build(ElementType type, IReadOnlyList<int> shape)
    {
        string comma = shape.Count == 1 ? "," : string.Empty;
        string text = string.Create(
            CultureInfo.InvariantCulture,
            $"{{'descr': '<f{TensorBytes.SizeOf(type)}', 'fortran_order': False, 'shape': ({string.Join(", ", shape)}{comma}), }}");
        const int before = 10;
        int length = (before + text.Length + 1 + Alignment - 1) / Alignment * Alignment;
        byte[] header = new byte[length];
        header.AsSpan().Fill((byte)' ');
        header[0] = 0x93;
        "NUMPY"u8.CopyTo(header.AsSpan(1));
        (header[6], header[7]) = (1, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)(length - before));
        Encoding.ASCII.GetBytes(text, header.AsSpan(before));
        header[^1] = (byte)'\n';
        return header;
    }

    private static NpyHeader Parse(string text, string name, int length)
    {
        var reader = new LiteralReader(text, name);
        string? type = null;
        bool? fortran = null;
        long[]? shape = null;
        reader.Expect('{');
        while (!reader.TryTake('}'))
        {
            string key = reader.Text();
            reader.Expect(':');
            switch (key)
            {
                case "descr" when type is null:
                    type = reader.Text();
                    break;
                case "fortran_order" when fortran is null:
                    fortran = reader.Flag();
                    break;
                case "shape" when shape is null:
                    shape = reader.Numbers(TensorFile.MostDimensions);
                    break;
                default:
                    throw reader.Error($"'{key}' is not one of descr, fortran_order and shape, or is there twice");
            }

            if (!reader.TryTake(','))
            {
                reader.Expect('}');
                break;
            }
        }

        reader.ExpectEnd();
        return type is { Length: > 1 } && fortran is not null && shape is not null
            ? new NpyHeader(TypeOf(type), type[0] != '>', fortran.Value, shape, length)
            : throw reader.Error("descr, fortran_order or shape is not there");
    }

    /// <summary>The type as safetensors calls it; or as NumPy does, if it is none of those.</summary>
    private static string TypeOf(string type) => (type[0], type[1..]) switch
    {
        ('<' or '>' or '=', "f8") => nameof(ElementType.F64),
        ('<' or '>' or '=', "f4") => nameof(ElementType.F32),
        ('<' or '>' or '=', "f2") => nameof(ElementType.F16),
        _ => type,
    };
}
