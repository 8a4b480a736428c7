namespace Lstm.Fuzz;

/// <summary>What came of reading a file.</summary>
/// <param name="Succeeded">Whether it was read to the end; if not, it was refused.</param>
/// <param name="Bytes">What reading has allocated, in bytes beyond twice the file.</param>
/// <param name="Time">How long it took.</param>
/// <param name="Failure">What went wrong; null if the file was read, or refused with the documented exception, within bounds.</param>
public sealed record FuzzReading(bool Succeeded, long Bytes, TimeSpan Time, string? Failure);
