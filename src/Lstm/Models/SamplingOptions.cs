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
    public double Temperature
    {
        get;
        init
        {
            Guard.InRange(value, 0, double.PositiveInfinity, nameof(Temperature));
            field = value;
        }
    } = 1;

    /// <summary>
    /// Chooses among the k largest logits only (Fan, Lewis and Dauphin 2018); at least 1, and null, unless set, for all.
    /// Where the k-th largest is one of several equal ones, those of lower index are taken. From the size of the
    /// vocabulary on, it is as if it were null.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? TopK
    {
        get;
        init
        {
            Guard.Positive(value ?? 1, nameof(TopK));
            field = value;
        }
    }
}
