using System.Globalization;

namespace Lstm.Models;

/// <summary>A target that a search has found.</summary>
/// <param name="Tokens">Its tokens, without the end.</param>
/// <param name="LogProbability">log P of the tokens, and of the end if it <see cref="IsComplete"/>, given the source; in nats.</param>
/// <param name="Score">What it is ranked by; see <see cref="DecodingOptions.LengthPenalty"/>.</param>
/// <param name="IsComplete">Whether the model ended it. Otherwise it was cut at the maximum length.</param>
public sealed record Hypothesis(IReadOnlyList<int> Tokens, double LogProbability, double Score, bool IsComplete)
{
    /// <summary>Says what the search thinks of it, in the invariant culture.</summary>
    /// <returns>For example <c>Hypothesis of 10 tokens, log-probability -4.396, cut</c>.</returns>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"Hypothesis of {Tokens.Count} tokens, log-probability {LogProbability:G4}{(IsComplete ? null : ", cut")}");
}
