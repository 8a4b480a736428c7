namespace Lstm.Interchange;

/// <summary>
/// A file is not what it should be: damaged, cut off, made to do harm, of a later version, of another kind of model, or with
/// something in it that this library does not read. The message says what is wrong and where. Nothing half-loaded is left.
/// </summary>
public sealed class ModelFormatException : Exception
{
    /// <summary>Makes an exception without a reason.</summary>
    public ModelFormatException()
        : this("The file is not a model that can be read.")
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What is wrong, and where.</param>
    public ModelFormatException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with another one that led to it.</summary>
    /// <param name="message">What is wrong, and where.</param>
    /// <param name="innerException">What led to it.</param>
    public ModelFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception that says at which byte.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="position">The byte of the file, or of the part of it that the message names, from 0.</param>
    public ModelFormatException(string message, long position)
        : base($"{message} (at byte {position})") => Position = position;

    /// <summary>The byte of the file, or of the part of it that the message names, from 0; null if it is no single place.</summary>
    public long? Position { get; }
}
