using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Lstm.Layers;

namespace Lstm.Models;

/// <summary>
/// The bytes of a saved stream, all numbers little-endian: the letters LSTMSTRM, the version (int), the bytes of a number
/// (int), the steps taken (long), the length of the layout (int), the layout (UTF-8: names and features of the parts),
/// the numbers part by part, and a check sum of all that (ulong, FNV-1a of 64 bits).
/// </summary>
internal static class StreamFormat
{
    private const int Version = 1;
    private const int HeaderLength = 28;
    private const int SumLength = sizeof(ulong);

    /// <summary>More than any model's layout: what says that it is longer is damaged.</summary>
    private const int MaxLayout = 1 << 20;

    private static ReadOnlySpan<byte> Letters => "LSTMSTRM"u8;

    public static byte[] Write<T>(LayerState<T> state, long steps)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        byte[] layout = Encoding.UTF8.GetBytes(Layout(state));
        byte[] bytes = new byte[Length<T>(state, layout.Length)];
        Letters.CopyTo(bytes);
        Span<byte> rest = bytes.AsSpan(Letters.Length);
        BinaryPrimitives.WriteInt32LittleEndian(rest, Version);
        BinaryPrimitives.WriteInt32LittleEndian(rest[4..], Size<T>());
        BinaryPrimitives.WriteInt64LittleEndian(rest[8..], steps);
        BinaryPrimitives.WriteInt32LittleEndian(rest[16..], layout.Length);
        layout.CopyTo(rest[20..]);
        rest = rest[(20 + layout.Length)..];
        foreach (StatePart<T> part in state.Parts)
        {
            foreach (T value in part.Values)
            {
                rest = rest[WriteNumber(value, rest)..];
            }
        }

        BinaryPrimitives.WriteUInt64LittleEndian(rest, Sum(bytes.AsSpan(0, bytes.Length - SumLength)));
        return bytes;
    }

    /// <summary>Checks everything, then overwrites the state, and returns the steps taken.</summary>
    /// <exception cref="InvalidDataException">The bytes are not of such a state; it is unchanged.</exception>
    public static long Read<T>(ReadOnlySpan<byte> bytes, LayerState<T> state)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int layoutLength = CheckHeader<T>(bytes);
        Refuse(bytes.Length < HeaderLength + layoutLength, "ends within the layout");
        ReadOnlySpan<byte> layout = bytes.Slice(HeaderLength, layoutLength);
        CheckLayout(layout, state);
        int length = Length<T>(state, layoutLength);
        Refuse(bytes.Length != length, $"must have {length} bytes, but has {bytes.Length}");
        ulong sum = BinaryPrimitives.ReadUInt64LittleEndian(bytes[^SumLength..]);
        Refuse(sum != Sum(bytes[..^SumLength]), "is damaged: the check sum differs");
        long steps = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        Refuse(steps < 0, $"says that {steps} steps were taken");

        ReadOnlySpan<byte> rest = bytes[(HeaderLength + layoutLength)..];
        foreach (StatePart<T> part in state.Parts)
        {
            foreach (ref T value in part.Values)
            {
                value = ReadNumber<T>(rest);
                rest = rest[Size<T>()..];
            }
        }

        return steps;
    }

    /// <summary>The bytes of one saved stream among others.</summary>
    public static byte[] ReadBytes<T>(Stream stream, LayerState<T> state)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        byte[] header = new byte[HeaderLength];
        ReadFully(stream, header);
        byte[] layout = new byte[CheckHeader<T>(header)];
        ReadFully(stream, layout);
        CheckLayout(layout, state);
        byte[] bytes = new byte[Length<T>(state, layout.Length)];
        header.CopyTo(bytes, 0);
        layout.CopyTo(bytes, HeaderLength);
        ReadFully(stream, bytes.AsSpan(HeaderLength + layout.Length));
        return bytes;
    }

    private static string Layout<T>(LayerState<T> state)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        string.Join(", ", state.Parts.Select(part => FormattableString.Invariant($"{part.Name} {part.Value.RowCount}")));

    private static int Size<T>() => typeof(T) == typeof(float) ? sizeof(float) : sizeof(double);

    private static int Length<T>(LayerState<T> state, int layoutLength)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        long numbers = 0;
        foreach (StatePart<T> part in state.Parts)
        {
            numbers += part.Values.Length;
        }

        return checked((int)(HeaderLength + layoutLength + (numbers * Size<T>()) + SumLength));
    }

    /// <summary>Returns the length of the layout.</summary>
    private static int CheckHeader<T>(ReadOnlySpan<byte> bytes)
    {
        Refuse(bytes.Length < HeaderLength, $"has {bytes.Length} bytes, fewer than its header");
        Refuse(!bytes.StartsWith(Letters), "does not start with LSTMSTRM");
        int version = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        Refuse(version != Version, $"is of version {version}, but this library reads version {Version}");
        int size = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        Refuse(size != Size<T>(), $"has numbers of {size} bytes, but the model's, {typeof(T).Name}, have {Size<T>()}");
        int layout = BinaryPrimitives.ReadInt32LittleEndian(bytes[24..]);
        Refuse(layout is < 0 or > MaxLayout, $"is damaged: a layout of {layout} bytes");
        return layout;
    }

    private static void CheckLayout<T>(ReadOnlySpan<byte> layout, LayerState<T> state)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        string expected = Layout(state);
        string actual = Encoding.UTF8.GetString(layout);
        Refuse(actual != expected, $"is of another model: it has \"{actual}\" instead of \"{expected}\"");
    }

    private static int WriteNumber<T>(T value, Span<byte> bytes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, float.CreateTruncating(value));
        }
        else
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, double.CreateTruncating(value));
        }

        return Size<T>();
    }

    private static T ReadNumber<T>(ReadOnlySpan<byte> bytes)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        typeof(T) == typeof(float)
            ? T.CreateTruncating(BinaryPrimitives.ReadSingleLittleEndian(bytes))
            : T.CreateTruncating(BinaryPrimitives.ReadDoubleLittleEndian(bytes));

    private static ulong Sum(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 14695981039346656037;
        foreach (byte value in bytes)
        {
            sum = (sum ^ value) * 1099511628211;
        }

        return sum;
    }

    private static void ReadFully(Stream stream, Span<byte> bytes)
    {
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        Refuse(read < bytes.Length, $"ends {bytes.Length - read} bytes too early");
    }

    private static void Refuse(bool wrong, string how)
    {
        if (wrong)
        {
            throw new InvalidDataException($"The saved stream {how}.");
        }
    }
}
