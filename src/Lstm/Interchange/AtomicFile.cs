namespace Lstm.Interchange;

/// <summary>
/// Replaces a file as a whole: it is written beside the old one, flushed to the disk, and renamed. A program that is killed at
/// any moment leaves the old file or the new one, never a part.
/// </summary>
public static class AtomicFile
{
    /// <summary>What is appended to the name of a file while it is written.</summary>
    public const string TemporarySuffix = ".tmp";

    /// <summary>Writes a file, replacing the one that is there. If the writing fails, the old file stays.</summary>
    /// <param name="path">
    /// The file. Its folder must exist. While it is written, there is a file with <see cref="TemporarySuffix"/> appended to its
    /// name, which remains only if the program is killed, and which the next call replaces.
    /// </param>
    /// <param name="write">Writes the contents.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="IOException">The file cannot be written, or another call is writing it.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        string temporary = path + TemporarySuffix;
        var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None);
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
