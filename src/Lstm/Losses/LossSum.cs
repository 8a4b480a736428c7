namespace Lstm.Losses;

/// <summary>
/// What a batch adds to the loss of all batches together, so that a mean over batches of different size is the mean over
/// what is in them, and not over their means.
/// </summary>
/// <param name="Sum"><c>Σ w·l</c>, the weighted losses of what counts.</param>
/// <param name="Weight"><c>Σ w</c>, what the sum is divided by for the mean.</param>
/// <param name="Items">How many steps, tokens, sequences … there are, for the rate at which they are worked on.</param>
public readonly record struct LossSum(double Sum, double Weight, long Items)
{
    /// <summary><c>Σ w·l / Σ w</c>; NaN if there is nothing to take the mean of.</summary>
    public double Mean => Sum / Weight;

    /// <summary>Adds two sums.</summary>
    /// <param name="left">A sum.</param>
    /// <param name="right">Another sum.</param>
    /// <returns>Both together.</returns>
    public static LossSum operator +(LossSum left, LossSum right) =>
        new(left.Sum + right.Sum, left.Weight + right.Weight, left.Items + right.Items);
}
