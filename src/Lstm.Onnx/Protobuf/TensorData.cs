using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Lstm.Onnx.Protobuf;

/// <summary>A constant tensor as the file has it (TensorProto): checked, but not yet converted.</summary>
internal sealed class TensorData
{
    private readonly ByteString _bytes;
    private readonly List<long> _integers;

    private TensorData(string name, int[] shape, ElementKind kind, ByteString bytes, List<long> integers) =>
        (Name, Shape, Kind, _bytes, _integers) = (name, shape, kind, bytes, integers);

    public string Name { get; }

    public int[] Shape { get; }

    public ElementKind Kind { get; }

    public static TensorData Read(WireReader reader)
    {
        string name = string.Empty;
        List<long> shape = [];
        List<long> integers = [];
        ByteString? bytes = null;
        ElementKind kind = ElementKind.Undefined;
        bool elsewhere = false;
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case Fields.Tensor.Dimensions:
                    reader.Integers(shape);
                    break;
                case Fields.Tensor.DataType:
                    kind = (ElementKind)reader.Integer();
                    break;
                case Fields.Tensor.Name:
                    name = reader.Text();
                    break;

                // Packed numbers are in the file what raw data are.
                case Fields.Tensor.FloatData or Fields.Tensor.DoubleData or Fields.Tensor.RawData:
                    ByteString more = reader.Bytes();
                    bytes = bytes is null || bytes.IsEmpty || more.IsEmpty
                        ? (more.IsEmpty ? bytes ?? more : more)
                        : throw new OnnxException($"Tensor '{name}' has its contents in several pieces.");
                    break;
                case Fields.Tensor.Int32Data or Fields.Tensor.Int64Data:
                    reader.Integers(integers);
                    break;
                case Fields.Tensor.Segment:
                    throw new OnnxException($"Tensor '{name}' is a segment of another one, which is not supported.");
                case Fields.Tensor.DataLocation:
                    elsewhere |= reader.Integer() != 0;
                    break;
                case Fields.Tensor.ExternalData:
                    elsewhere = true;
                    reader.Skip();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (elsewhere)
        {
            throw new OnnxException($"Tensor '{name}' has its contents in another file, which is not supported.");
        }

        var tensor = new TensorData(name, Sizes(name, shape), kind, bytes ?? ByteString.Empty, integers);
        tensor.CheckCount();
        return tensor;
    }

    /// <summary>The tensor as numbers of T or, if its elements are integers, as those.</summary>
    public OnnxTensor<T> Convert<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Kind switch
        {
            ElementKind.Float => Numbers<float, T>(BinaryPrimitives.ReadSingleLittleEndian),
            ElementKind.Double => Numbers<double, T>(BinaryPrimitives.ReadDoubleLittleEndian),
            ElementKind.Float16 => Numbers<Half, T>(BinaryPrimitives.ReadHalfLittleEndian),
            ElementKind.BFloat16 => Numbers<ushort, T>(BinaryPrimitives.ReadUInt16LittleEndian, BFloat16<T>),
            ElementKind.Int64 => Integers<long, T>(BinaryPrimitives.ReadInt64LittleEndian),
            ElementKind.Int32 => Integers<int, T>(BinaryPrimitives.ReadInt32LittleEndian),
            ElementKind.Int8 => Integers<sbyte, T>(bytes => (sbyte)bytes[0]),
            _ => Integers<byte, T>(bytes => bytes[0]),
        };

    /// <summary>The bytes of an element in raw data; 0 for a kind that is not supported.</summary>
    private static int SizeOf(ElementKind kind) => kind switch
    {
        ElementKind.Double or ElementKind.Int64 => 8,
        ElementKind.Float or ElementKind.Int32 => 4,
        ElementKind.Float16 or ElementKind.BFloat16 => 2,
        ElementKind.Int8 or ElementKind.UInt8 or ElementKind.Bool => 1,
        _ => 0,
    };

    private static T BFloat16<T>(ushort bits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        T.CreateTruncating(BitConverter.UInt32BitsToSingle((uint)bits << 16));

    private static int[] Sizes(string name, List<long> shape)
    {
        if (shape.Count > OnnxLimits.MaxRank)
        {
            throw new OnnxException($"Tensor '{name}' has {shape.Count} dimensions; at most {OnnxLimits.MaxRank} are supported.");
        }

        foreach (long size in shape)
        {
            if (size is < 0 or > int.MaxValue)
            {
                throw new OnnxException($"Tensor '{name}' has a dimension of {size}.");
            }
        }

        return [.. shape.Select(size => (int)size)];
    }

    private void CheckCount()
    {
        int size = SizeOf(Kind);
        if (size == 0)
        {
            throw new OnnxException($"Tensor '{Name}' has elements of type {(int)Kind} of ONNX, which is not supported.");
        }

        long count = OnnxShape.Count(Shape) ?? throw new OnnxException(
            $"Tensor '{Name}' of {OnnxShape.Text(Shape)} is too large.");
        bool fits = _integers.Count > 0
            ? _bytes.IsEmpty && _integers.Count == count && Kind is not (ElementKind.Float or ElementKind.Double)
            : _bytes.Length == count * size;
        if (!fits)
        {
            throw new OnnxException(
                $"Tensor '{Name}' of {OnnxShape.Text(Shape)} wants {count * size} bytes, but has {_bytes.Length}"
                + $" and {_integers.Count} integers.");
        }
    }

    private OnnxTensor<T> Numbers<TNumber, T>(Func<ReadOnlySpan<byte>, TNumber> read, Func<TNumber, T>? convert = null)
        where TNumber : unmanaged, INumber<TNumber>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // A half is kept among the integers by its bits.
        TNumber[] numbers = Elements(read, bits => Kind == ElementKind.Float16
            ? TNumber.CreateTruncating(BitConverter.Int16BitsToHalf((short)bits))
            : TNumber.CreateTruncating(bits));
        return new OnnxTensor<T>(
            Shape, numbers as T[] ?? Array.ConvertAll(numbers, number => convert is null ? T.CreateTruncating(number) : convert(number)));
    }

    private OnnxTensor<T> Integers<TNumber, T>(Func<ReadOnlySpan<byte>, TNumber> read)
        where TNumber : unmanaged, INumber<TNumber>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TNumber[] numbers = Elements(read, TNumber.CreateTruncating);
        return OnnxTensor<T>.FromIntegers(
            Shape, numbers as long[] ?? Array.ConvertAll(numbers, number => long.CreateTruncating(number)));
    }

    private TNumber[] Elements<TNumber>(Func<ReadOnlySpan<byte>, TNumber> read, Func<long, TNumber> convert)
        where TNumber : unmanaged
    {
        if (_integers.Count > 0)
        {
            return [.. _integers.Select(convert)];
        }

        if (BitConverter.IsLittleEndian)
        {
            return MemoryMarshal.Cast<byte, TNumber>(_bytes.Span).ToArray();
        }

        int size = SizeOf(Kind);
        var elements = new TNumber[_bytes.Length / size];
        for (int n = 0; n < elements.Length; n++)
        {
            elements[n] = read(_bytes.Span.Slice(n * size, size));
        }

        return elements;
    }
}
