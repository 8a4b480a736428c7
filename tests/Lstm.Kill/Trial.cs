namespace Lstm.Kill;

/// <summary>What came of a training that was killed.</summary>
/// <param name="Milliseconds">How long after its first step it was killed.</param>
/// <param name="WasKilled">Whether it was still running.</param>
/// <param name="ResumedAtStep">The step of the checkpoint that was found; 0 if none was.</param>
/// <param name="IsRight">Whether the checkpoint could be read, and the end has the bits of a training that was not killed.</param>
/// <param name="Problem">What went wrong; null if nothing did.</param>
public sealed record Trial(double Milliseconds, bool WasKilled, long ResumedAtStep, bool IsRight, string? Problem);
