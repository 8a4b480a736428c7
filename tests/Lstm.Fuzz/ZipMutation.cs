using System.IO.Compression;

namespace Lstm.Fuzz;

/// <summary>Changes what is within a zip, so that its checksums are right; and makes zips that blow up.</summary>
public static class ZipMutation
{
    private const int BombBytes = 40_000_000;

    /// <summary>Of how many mutations one is a zip that blows up, which takes long to make.</summary>
    private const int BombEvery = 2000;

    /// <summary>
    /// A mutation of a zip. Behind a checksum that is wrong nothing is read: half the time what is within is changed and the
    /// zip made anew.
    /// </summary>
    public static byte[] Of(byte[] file, byte[] other, Random random)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(random);
        return random.Next(2) == 0 ? Within(file, random) : Mutation.Of(file, other, random);
    }

    private static byte[] Within(byte[] file, Random random)
    {
        using var source = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read);
        using var stream = new MemoryStream();
        using (var target = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            byte[][] parts = [.. source.Entries.Select(Read)];
            int changed = random.Next(3) == 0 ? random.Next(parts.Length) : 0;
            for (int n = 0; n < parts.Length; n++)
            {
                byte[] part = n == changed ? Change(parts[n], parts[random.Next(parts.Length)], random) : parts[n];
                string name = random.Next(200) == 0 ? source.Entries[random.Next(parts.Length)].FullName : source.Entries[n].FullName;
                CompressionLevel level = part.Length > 1_000_000 || random.Next(4) == 0 ? CompressionLevel.Fastest : CompressionLevel.NoCompression;
                using Stream entry = target.CreateEntry(name, level).Open();
                entry.Write(part);
            }
        }

        return stream.ToArray();
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] Change(byte[] part, byte[] other, Random random) => random.Next(BombEvery) == 0
        ? [.. part, .. new byte[random.Next(BombBytes)]]
        : Mutation.Of(part, other, random);
}
