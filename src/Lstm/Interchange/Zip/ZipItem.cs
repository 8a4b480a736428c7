namespace Lstm.Interchange.Zip;

/// <summary>A file within a zip, as the directory at the zip's end has it.</summary>
internal sealed record ZipItem(string Name, bool IsDeflated, uint Crc, long CompressedSize, long Size, long HeaderOffset);
