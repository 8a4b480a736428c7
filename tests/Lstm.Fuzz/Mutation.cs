using System.Buffers.Binary;

namespace Lstm.Fuzz;

/// <summary>Changes good files into bad ones: bits, bytes, lengths and offsets, parts doubled, moved, left out, and nested.</summary>
public static class Mutation
{
    private const int MostChanges = 4;
    private const int MostRepeats = 3000;

    private static readonly long[] Odd =
    [
        0, 1, -1, 2, 7, 8, 127, 128, 255, 256, 32_767, 65_535, 65_536, int.MaxValue, int.MinValue, uint.MaxValue,
        100_000_000, 100_000_001, long.MaxValue, long.MinValue, 1L << 40, 1L << 62,
    ];

    private static readonly string[] Pieces =
    [
        "[", "]", "{", "}", ",", ":", "\"", "0", "9", "-1", "1e9", "1.5", "9223372036854775807", "18446744073709551616", "null", "true",
        "\"\\ud800\"", "\"__metadata__\":", "\"shape\":[", "[0,0]", "F64", "BF16", "I64", "(", ")", "'", "\\", " ", "\n", "(1,)", ">f8", "|O",
        "cposix\nsystem\n", "cbuiltins\neval\n", "ccollections\nOrderedDict\n", ")R", "}q\u0001", "q\u0001", "h\u0001", "(t", "]a", "b", "Q", "K\u0005",
    ];

    /// <summary>A few changes of bytes.</summary>
    public static byte[] Of(byte[] file, byte[] other, Random random)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(other);
        ArgumentNullException.ThrowIfNull(random);
        for (int n = random.Next(MostChanges); n >= 0; n--)
        {
            file = Change(file, other, random);
        }

        return file;
    }

    /// <summary>A number that goes wrong where it is a size, a place, a type or a length.</summary>
    public static long OddNumber(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return Odd[random.Next(Odd.Length)] + random.Next(-1, 2);
    }

    private static byte[] Change(byte[] file, byte[] other, Random random)
    {
        int at = Place(file.Length, random);
        switch (random.Next(11))
        {
            case 0:
                return file[..at];
            case 1:
                return Replace(file, at, 1, [(byte)(at < file.Length ? file[at] ^ (1 << random.Next(8)) : 0)]);
            case 2:
                return Replace(file, at, 1, [(byte)random.Next(256)]);
            case 3:
                byte[] number = new byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(number, OddNumber(random));
                int size = 1 << random.Next(4);
                return Replace(file, at, size, number[..size]);
            case 4:
                return Replace(file, at, random.Next(1, 40), []);
            case 5:
                string piece = Pieces[random.Next(Pieces.Length)];
                return Replace(file, at, random.Next(3), [.. piece.Select(c => (byte)c)]);
            case 6:
                string repeated = Pieces[random.Next(Pieces.Length)];
                return Replace(file, at, 0, [.. Enumerable.Repeat(repeated, random.Next(MostRepeats)).SelectMany(text => text.Select(c => (byte)c))]);
            case 7:
                int from = Place(file.Length, random);
                byte[] part = file[from..Math.Min(file.Length, from + random.Next(200))];
                return Replace(file, at, random.Next(2) * part.Length, part);
            case 8:
                int start = Place(other.Length, random);
                return Replace(file, at, random.Next(100), other[start..Math.Min(other.Length, start + random.Next(100))]);
            case 9:
                return Replace(file, at, random.Next(2), ProtobufMutation.Varint((ulong)OddNumber(random)));
            default:
                return Digit(file, at, random);
        }
    }

    /// <summary>Anywhere, but more often near the beginning and the end, where lengths and directories are.</summary>
    private static int Place(int length, Random random) => random.Next(4) switch
    {
        0 => random.Next(Math.Min(length, 300) + 1),
        1 => length - random.Next(Math.Min(length, 300) + 1),
        _ => random.Next(length + 1),
    };

    private static byte[] Replace(byte[] file, int at, int count, byte[] by) =>
        [.. file[..at], .. by, .. file[Math.Min(file.Length, at + count)..]];

    /// <summary>Another number where there is one in text.</summary>
    private static byte[] Digit(byte[] file, int at, Random random)
    {
        int digit = Array.FindIndex(file, at, b => b is >= (byte)'0' and <= (byte)'9');
        if (digit < 0)
        {
            return file;
        }

        string text = random.Next(2) == 0 ? $"{random.Next(10)}" : $"{Odd[random.Next(Odd.Length)]}";
        return Replace(file, digit, random.Next(1, 3), [.. text.Select(c => (byte)c)]);
    }
}
