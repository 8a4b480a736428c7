using System.Numerics;
using Lstm.Kernels;

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
    private double[] _sortedWeights = [];
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
        Span<double> weights = _weights.AsSpan(0, logits.Length);
        double total = Weigh(logits, largest, weights);
        if (_options.TopK < logits.Length || _options.TopP < 1)
        {
            (T threshold, int ties) = Threshold(logits, largest, weights, total);
            for (int n = 0; n < logits.Length; n++)
            {
                bool taken = logits[n] > threshold || (logits[n] == threshold && ties-- > 0);
                weights[n] = taken ? weights[n] : 0;
            }
        }

        total = 0;
        foreach (double weight in weights)
        {
            total += weight;
        }

        // Below the total, and the sum below adds up to the same total: it ends at a weight above 0.
        double drawn = _random.NextDouble() * total;
        int chosen = 0;
        for (double sum = weights[0]; sum <= drawn; sum += weights[chosen])
        {
            chosen++;
        }

        return chosen;
    }

    /// <summary>Writes exp((z − largest) / τ) and returns the sum: no exponent is above 0, so that nothing overflows.</summary>
    private double Weigh(ReadOnlySpan<T> logits, T largest, Span<double> weights)
    {
        double offset = double.CreateTruncating(largest);
        for (int n = 0; n < logits.Length; n++)
        {
            weights[n] = (double.CreateTruncating(logits[n]) - offset) / _options.Temperature;
        }

        return SoftmaxRow.Exponentials<double>(weights, 0, weights);
    }

    /// <summary>The least logit to choose from, and how many equal to it belong to the choice.</summary>
    private (T Value, int Ties) Threshold(ReadOnlySpan<T> logits, T largest, ReadOnlySpan<double> weights, double total)
    {
        // Tokens of less than (1 − p) / V each are less than 1 − p together: the others reach p without them.
        double least = _options.TopK is null ? (1 - _options.TopP) / logits.Length * total : 0;
        int count = 0;
        for (int n = 0; n < logits.Length; n++)
        {
            if (weights[n] >= least)
            {
                _sorted[count++] = logits[n];
            }
        }

        Span<T> sorted = _sorted.AsSpan(0, count);
        sorted.Sort();
        sorted = sorted[^Math.Min(_options.TopK ?? count, count)..];
        if (_options.TopP < 1)
        {
            Span<double> sortedWeights = _sortedWeights.AsSpan(0, sorted.Length);
            double remaining = Weigh(sorted, largest, sortedWeights);
            double wanted = _options.TopP * (_options.TopK is null ? total : remaining);
            int first = sorted.Length - 1;
            for (double sum = sortedWeights[first]; sum < wanted && first > 0; sum += sortedWeights[first])
            {
                first--;
            }

            sorted = sorted[first..];
        }

        return (sorted[0], sorted.LastIndexOf(sorted[0]) + 1);
    }

    private void Reserve(int length)
    {
        if (_weights.Length < length)
        {
            bool sorts = _options.TopK is not null || _options.TopP < 1;
            _weights = new double[length];
            _sorted = sorts ? new T[length] : [];
            _sortedWeights = _options.TopP < 1 ? new double[length] : [];
        }
    }
}
