namespace Samples.Common;

/// <summary>Files that a program writes at its end, and refuses at its start if they have no place.</summary>
public static class OutputFile
{
    /// <summary>Refuses a file that cannot be written at its path, as far as this can be seen without writing.</summary>
    /// <param name="file">The file; null for none.</param>
    /// <exception cref="DataException">There is no such folder, or it is a folder itself.</exception>
    public static void Check(string? file)
    {
        if (Directory.Exists(file))
        {
            throw new DataException($"'{file}' cannot be written: it is a folder.");
        }

        if (file is not null && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(file))))
        {
            throw new DataException($"'{file}' cannot be written: there is no such folder.");
        }
    }

    /// <summary>Writes a file.</summary>
    /// <param name="file">The file; null for none, and nothing is done.</param>
    /// <param name="write">What writes it.</param>
    /// <exception cref="DataException">It cannot be written.</exception>
    public static void Write(string? file, Action<string> write)
    {
        if (file is null)
        {
            return;
        }

        try
        {
            write(file);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new DataException($"'{file}' cannot be written. {exception.Message}", exception);
        }
    }
}
