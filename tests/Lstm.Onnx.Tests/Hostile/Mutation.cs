using System.Buffers.Binary;

namespace Lstm.Onnx.Tests.Hostile;

/// <summary>Files that are not what they should be: a good one, changed here and there. All follow from the source.</summary>
public static class Mutation
{
    /// <summary>Numbers that go wrong where they are sizes, places, types or lengths.</summary>
    private static readonly ulong[] Awkward =
    [
        0, 1, 2, 7, 8, 127, 128, 255, 1 << 16, 1 << 24, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, long.MaxValue,
        1UL << 63, ulong.MaxValue,
    ];

    /// <summary>Changes a file in one place, or up to four, and sometimes cuts it off.</summary>
    /// <param name="file">The good file; it is not changed.</param>
    /// <param name="other">Another good file, of which parts may be put in.</param>
    /// <param name="random">The source.</param>
    public static byte[] Of(ReadOnlySpan<byte> file, ReadOnlySpan<byte> other, Random random)
    {
        List<byte> bytes = [.. file];
        for (int changes = Math.Max(random.Next(-2, 5), 1); changes > 0 && bytes.Count > 0; changes--)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 1 << random.Next(1, 9)), bytes.Count - at);
            switch (random.Next(9))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                case 4:
                    int from = random.Next(other.Length);
                    bytes.InsertRange(at, other.Slice(from, Math.Min(length, other.Length - from)).ToArray());
                    break;
                case 5:
                    bytes.InsertRange(at, Varint(Awkward[random.Next(Awkward.Length)]));
                    break;
                case 6:
                    // In the place of a single byte, as most lengths and sizes are.
                    bytes.RemoveAt(at);
                    bytes.InsertRange(at, Varint(Awkward[random.Next(Awkward.Length)]));
                    break;
                case 7 when bytes.Count - at >= sizeof(ulong):
                    byte[] number = new byte[sizeof(ulong)];
                    BinaryPrimitives.WriteUInt64LittleEndian(number, Awkward[random.Next(Awkward.Length)]);
                    bytes.RemoveRange(at, number.Length);
                    bytes.InsertRange(at, number);
                    break;
                case 8 when random.Next(4) == 0:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes[at]++;
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>A number as Protobuf writes it: seven bits a byte, the lowest first.</summary>
    public static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        bytes.Add((byte)value);
        return [.. bytes];
    }
}
