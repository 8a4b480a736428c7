namespace Lstm.Tasks;

/// <summary>What came of one seed.</summary>
/// <param name="Sequences">
/// The sequences that were shown until the criterion held, one counted as often as it was shown; null if it never held.
/// </param>
/// <param name="Steps">The time steps of all that were shown.</param>
/// <param name="Wrong">The test sequences that were wrong afterwards; 0 where the criterion is that none is.</param>
public readonly record struct Trial(int? Sequences, long Steps, int Wrong = 0);
