using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Lstm.Interchange;

/// <summary>Numbers of a file, as they lie in its bytes.</summary>
internal static class TensorBytes
{
    private const int BufferBytes = 65_536;

    public static int SizeOf(ElementType type) => type switch
    {
        ElementType.F64 => sizeof(double),
        ElementType.F32 => sizeof(float),
        ElementType.F16 or ElementType.BF16 => sizeof(ushort),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "There is no size."),
    };

    /// <summary>Reads numbers from where a stream stands.</summary>
    /// <exception cref="EndOfStreamException">The stream has fewer.</exception>
    public static void Read<T>(Stream stream, ElementType type, bool littleEndian, Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int size = SizeOf(type);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int most = buffer.Length / size;
            while (values.Length > 0)
            {
                int count = Math.Min(values.Length, most);
                Span<byte> bytes = buffer.AsSpan(0, count * size);
                stream.ReadExactly(bytes);
                Convert(bytes, type, littleEndian, values[..count]);
                values = values[count..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Converts as many numbers as <paramref name="values"/> has room for.</summary>
    public static void Convert<T>(ReadOnlySpan<byte> bytes, ElementType type, bool littleEndian, Span<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        bool same = type == (typeof(T) == typeof(float) ? ElementType.F32 : ElementType.F64);
        if (same && littleEndian == BitConverter.IsLittleEndian)
        {
            MemoryMarshal.Cast<byte, T>(bytes)[..values.Length].CopyTo(values);
            return;
        }

        int size = SizeOf(type);
        for (int n = 0; n < values.Length; n++)
        {
            values[n] = One<T>(bytes.Slice(n * size, size), type, littleEndian);
        }
    }

    /// <summary>Converts one number.</summary>
    public static T One<T>(ReadOnlySpan<byte> bytes, ElementType type, bool littleEndian)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => type switch
        {
            ElementType.F64 => T.CreateTruncating(
                littleEndian ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : BinaryPrimitives.ReadDoubleBigEndian(bytes)),
            ElementType.F32 => T.CreateTruncating(
                littleEndian ? BinaryPrimitives.ReadSingleLittleEndian(bytes) : BinaryPrimitives.ReadSingleBigEndian(bytes)),
            ElementType.F16 => T.CreateTruncating(
                littleEndian ? BinaryPrimitives.ReadHalfLittleEndian(bytes) : BinaryPrimitives.ReadHalfBigEndian(bytes)),
            _ => T.CreateTruncating(BitConverter.UInt32BitsToSingle((uint)(
                littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes)) << 16)),
        };

    /// <summary>Writes numbers in little-endian order.</summary>
    public static void Write<T>(Stream stream, ReadOnlySpan<T> values)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (BitConverter.IsLittleEndian)
        {
            stream.Write(MemoryMarshal.AsBytes(values));
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(double)];
        foreach (T value in values)
        {
            int size = WriteLittleEndian(value, bytes);
            stream.Write(bytes[..size]);
        }
    }

    private static int WriteLittleEndian<T>(T value, Span<byte> bytes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, float.CreateTruncating(value));
            return sizeof(float);
        }

        BinaryPrimitives.WriteDoubleLittleEndian(bytes, double.CreateTruncating(value));
        return sizeof(double);
    }
}
