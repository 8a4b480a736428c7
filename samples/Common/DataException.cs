namespace Samples.Common;

/// <summary>What a program was given to read is not as it should be. The message says where and what.</summary>
public sealed class DataException : Exception
{
    public DataException()
    {
    }

    public DataException(string message)
        : base(message)
    {
    }

    public DataException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>For a line of a file, counted from 1.</summary>
    public DataException(string file, int line, string message)
        : base($"{file}, line {line}: {message}")
    {
    }

    /// <summary>For data that the library refuses: its message, but for the name of a parameter that no user knows.</summary>
    public static DataException Refused(string problem, ArgumentException refusal) => new(
        $"{problem} {refusal.Message.Replace($" (Parameter '{refusal.ParamName}')", string.Empty, StringComparison.Ordinal)}", refusal);
}
