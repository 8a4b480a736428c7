using System.Numerics;

namespace Lstm.Models;

/// <summary>
/// Chooses tokens from logits. It draws one number from its source of randomness for each token, or none if the
/// temperature is 0. For one thread at a time.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>; the probabilities are computed in double.</typeparam>
public sealed class TokenSampler<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SamplingOptions _options;
    private readonly Random _random;
    private double[] _weights = [];
    private T[] _sorted = [];

    /// <summary>Makes a sampler.</summary>
    /// <param name="options">How a token is chosen.</param>
    /// <param name="random">The source of randomness. It is kept and used.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public TokenSampler(SamplingOptions options, Random random)
    {
        Guard.ElementType<T>();
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        (_options, _random) = (options, random);
    }

    /// <summary>Chooses a token.</summary>
    /// <param name="logits">
    /// A number for each token of the vocabulary. −∞ rules a token out. Nothing is allocated once a vocabulary of this
    /// size has been seen.
    /// </param>
    /// <returns>The index of the token.</returns>
    /// <exception cref="ArgumentException">There are no logits, or one is NaN or +∞, or all are −∞.</exception>
    public int Sample(ReadOnlySpan<T> logits)
    {
        int best = Largest(logits);
        return _options.Temperature == 0 || _options.TopK == 1 ? best : Draw(logits, logits[best]);
    }

    /// <summary>The index of the largest logit, the first of equal ones.</summary>
    private static int Largest(ReadOnlySpan<T> logits)
    {
        Guard.Shape(logits.Length > 0, "at least one logit", "none", nameof(logits));
        int best = 0;
        for (int n = 0; n < logits.Length; n++)
        {
            if (T.IsNaN(logits[n]) || T.IsPositiveInfinity(logits[n]))
            {
                throw new ArgumentException($"logits must be finite or −∞, but element {n} is {logits[n]}.", nameof(logits));
            }

            if (logits[n] > logits[best])
            {
                best = n;
            }
        }

        Guard.Shape(T.IsFinite(logits[best]), "finite for one token at least", "−∞ for all", nameof(logits));
        return best;
    }

    private int Draw(ReadOnlySpan<T> logits, T largest)
    {
        Reserve(logits.Length);
        (T threshold, int ties) = Threshold(logits);
        double total = 0;
        for (int n = 0; n < logits.Length; n++)
        {
            bool taken = logits[n] > threshold || (logits[n] == threshold && ties-- > 0);
            // Without the largest logit every exponent is 0 or below, so that nothing overflows, however small τ is.
            double exponent = (double.CreateTruncating(logits[n]) - double.CreateTruncating(largest)) / _options.Temperature;
            _weights[n] = taken ? Math.Exp(exponent) : 0;
            total += _weights[n];
        }

        // Below the total, and the sum below adds up to the same total: it ends at a weight above 0.
        double drawn = _random.NextDouble() * total;
        int chosen = 0;
        for (double sum = _weights[0]; sum <= drawn; sum += _weights[chosen])
        {
            chosen++;
        }

        return chosen;
    }

    /// <summary>The k-th largest logit, and how many equal to it are among the k largest.</summary>
    private (T Value, int Ties) Threshold(ReadOnlySpan<T> logits)
    {
        if (!(_options.TopK < logits.Length))
        {
            return (T.NegativeInfinity, logits.Length);
        }

        int k = _options.TopK.Value;
        Span<T> sorted = _sorted.AsSpan(0, logits.Length);
        logits.CopyTo(sorted);
        sorted.Sort();
        sorted = sorted[^k..];
        return (sorted[0], sorted.LastIndexOf(sorted[0]) + 1);
    }

    private void Reserve(int length)
    {
        if (_weights.Length < length)
        {
            _weights = new double[length];
            _sorted = _options.TopK is null ? [] : new T[length];
        }
    }
}
