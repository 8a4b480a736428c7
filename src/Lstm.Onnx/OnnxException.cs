namespace Lstm.Onnx;

/// <summary>
/// A model cannot be written as ONNX, or a file or its graph cannot be read or run. The message says which layer or node it
/// is, and why.
/// </summary>
public sealed class OnnxException : Exception
{
    /// <summary>Makes an exception without a reason.</summary>
    public OnnxException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What cannot be done, and why.</param>
    public OnnxException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with another one that led to it.</summary>
    /// <param name="message">What cannot be done, and why.</param>
    /// <param name="innerException">What led to it.</param>
    public OnnxException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
