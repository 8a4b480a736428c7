namespace Lstm.Models;

/// <summary>How a token is chosen from the logits z of a model.</summary>
public sealed record SamplingOptions
{
    /// <summary>The most likely token each time: a temperature of 0.</summary>
    public static SamplingOptions Greedy { get; } = new() { Temperature = 0 };

    /// <summary>
    /// τ in <c>p = softmax(z / τ)</c>; finite, at least 0, and 1 unless set: the distribution that the model learnt. Below
    /// 1 likely tokens become more likely, above 1 the choice becomes more even. 0 is the limit, the largest logit each
    /// time; of equal ones that of the lowest index.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public double Temperature { get; init => field = Guard.InRange(value, 0, double.PositiveInfinity, nameof(Temperature)); } = 1;

    /// <summary>
    /// Chooses among the k largest logits only (Fan, Lewis and Dauphin 2018); at least 1, and null, unless set, for all.
    /// Where the k-th largest is one of several equal ones, those of lower index are taken. From the size of the
    /// vocabulary on, it is as if it were null.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? TopK { get; init => field = Guard.Positive(value, nameof(TopK)); }

    /// <summary>
    /// Chooses among the most likely tokens only whose probabilities together reach this share: the fewest that do (nucleus
    /// sampling; Holtzman, Buys, Du, Forbes and Choi 2020). Above 0, at most 1, and 1 (all) unless set. The probabilities are
    /// those at the <see cref="Temperature"/>, of the <see cref="TopK"/> tokens if that is set too. Where the last of them
    /// is one of several equal ones, those of lower index are taken.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is 0 or less, above 1, or NaN.</exception>
    public double TopP { get; init => field = Guard.Share(value, nameof(TopP)); } = 1;
}
