namespace Lstm.Models;

/// <summary>A target that a search has found.</summary>
/// <param name="Tokens">Its tokens, without the end.</param>
/// <param name="LogProbability">log P of the tokens, and of the end if it <see cref="IsComplete"/>, given the source; in nats.</param>
/// <param name="Score">What it is ranked by; see <see cref="DecodingOptions.LengthPenalty"/>.</param>
/// <param name="IsComplete">Whether the model ended it. Otherwise it was cut at the maximum length.</param>
public sealed record Hypothesis(IReadOnlyList<int> Tokens, double LogProbability, double Score, bool IsComplete);
