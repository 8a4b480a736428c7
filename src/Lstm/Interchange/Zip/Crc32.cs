namespace Lstm.Interchange.Zip;

/// <summary>The checksum of zip: CRC-32 with the polynomial EDB88320, as in PKWARE's APPNOTE 4.4.7.</summary>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(n => Entry((uint)n))];

    /// <summary>Goes on with a checksum, which begins at 0.</summary>
    public static uint Append(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        foreach (byte b in bytes)
        {
            crc = Table[(byte)crc ^ b] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint Entry(uint value)
    {
        for (int bit = 0; bit < 8; bit++)
        {
            value = (value & 1) == 0 ? value >> 1 : (value >> 1) ^ Polynomial;
        }

        return value;
    }
}
