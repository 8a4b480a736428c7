using System.Numerics;

namespace Lstm.Data;

/// <summary>
/// Brings features to the same size: <c>(x − offset) · factor</c>, feature by feature. The offsets and factors are learnt
/// from training data alone, so that nothing leaks in from the data by which a model is measured.
/// </summary>
/// <remarks>A missing number, NaN, becomes 0: the mean, with <see cref="ScalingKind.Standard"/>.</remarks>
public sealed class FeatureScaling
{
    private readonly double[] _offsets;
    private readonly double[] _factors;

    /// <summary>Makes a scaling of given numbers.</summary>
    /// <param name="offsets">What is subtracted from each feature; finite.</param>
    /// <param name="factors">What each feature is then multiplied by; finite, above 0.</param>
    /// <exception cref="ArgumentNullException">A list is null.</exception>
    /// <exception cref="ArgumentException">The lists are empty or differ in length.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public FeatureScaling(IReadOnlyList<double> offsets, IReadOnlyList<double> factors)
    {
        ArgumentNullException.ThrowIfNull(offsets);
        ArgumentNullException.ThrowIfNull(factors);
        Guard.Shape(offsets.Count > 0, "of at least one feature", "empty", nameof(offsets));
        Guard.Length(factors.Count, offsets.Count, "one for each offset", nameof(factors));
        for (int n = 0; n < offsets.Count; n++)
        {
            Guard.InRange(offsets[n], double.NegativeInfinity, double.PositiveInfinity, nameof(offsets));
            Guard.AboveZero(factors[n], nameof(factors));
        }

        (_offsets, _factors) = ([.. offsets], [.. factors]);
    }

    /// <summary>The number of features.</summary>
    public int Features => _offsets.Length;

    /// <summary>What is subtracted from each feature.</summary>
    public IReadOnlyList<double> Offsets => _offsets;

    /// <summary>What each feature is then multiplied by.</summary>
    public IReadOnlyList<double> Factors => _factors;

    /// <summary>Learns a scaling from sequences. A feature that never changes is only moved.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="sequences">
    /// The sequences, of any length; at least one, all of the same features. Steps that are not valid do not count.
    /// </param>
    /// <param name="kind">How it is scaled; to mean 0 and standard deviation 1 by default.</param>
    /// <returns>The scaling.</returns>
    /// <exception cref="ArgumentNullException">The list or a sequence is null.</exception>
    /// <exception cref="ArgumentException">The list is empty, the features differ, or a number is infinite.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kind"/> is not one of the enumeration.</exception>
    public static FeatureScaling Learn<T>(IReadOnlyList<Sequence<T>> sequences, ScalingKind kind = ScalingKind.Standard)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(sequences);
        Guard.Shape(sequences.Count > 0, "a list of at least one sequence", "empty", nameof(sequences));
        Guard.Defined(kind);
        int features = (sequences[0] ?? throw new ArgumentNullException(nameof(sequences), "sequences[0] is null.")).Features;
        double[] offsets = new double[features];
        double[] factors = new double[features];
        for (int f = 0; f < features; f++)
        {
            double[] values = [.. sequences.SelectMany(sequence => Values(sequence, f, features))];
            (offsets[f], double size) = kind switch
            {
                ScalingKind.None => (0, 1),
                _ when values.Length == 0 => (0, 1),
                ScalingKind.Standard => MeanAndDeviation(values),
                _ => (values.Min(), values.Max() - values.Min()),
            };

            // Of a feature that never changes only rounding errors are left, which must not be magnified.
            factors[f] = size > 1e-12 * Math.Abs(offsets[f]) && double.IsFinite(1 / size) ? 1 / size : 1;
        }

        return new FeatureScaling(offsets, factors);
    }

    /// <summary>Scales a sequence.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="sequence">T × B × <see cref="Features"/>. It is not changed.</param>
    /// <returns>A new sequence with the same mask.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="sequence"/> is null.</exception>
    /// <exception cref="ArgumentException">It has other features.</exception>
    public Sequence<T> Apply<T>(Sequence<T> sequence)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(sequence);
        Guard.Shape(sequence.Features == Features, $"a sequence of {Features} features", $"{sequence}", nameof(sequence));
        Sequence<T> scaled = sequence.Clone();
        for (int start = 0; start < scaled.Values.Length; start += Features)
        {
            Apply(sequence.Values.Slice(start, Features), scaled.Values.Slice(start, Features));
        }

        return scaled;
    }

    /// <summary>Scales one step of one sequence.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="features">The numbers; they are not changed.</param>
    /// <param name="scaled">As many numbers, overwritten; may be the same.</param>
    /// <exception cref="ArgumentException">A span has another length than <see cref="Features"/>.</exception>
    public void Apply<T>(ReadOnlySpan<T> features, Span<T> scaled)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Guard.Length(features.Length, Features, "one for each feature", nameof(features));
        Guard.Length(scaled.Length, Features, "one for each feature", nameof(scaled));
        for (int f = 0; f < Features; f++)
        {
            double value = double.CreateTruncating(features[f]);
            scaled[f] = double.IsNaN(value) ? T.Zero : T.CreateTruncating((value - _offsets[f]) * _factors[f]);
        }
    }

    /// <summary>Says what the scaling is for.</summary>
    /// <returns>For example <c>FeatureScaling of 3 features</c>.</returns>
    public override string ToString() => $"FeatureScaling of {Features} features";

    /// <summary>The numbers of one feature that are not missing.</summary>
    private static IEnumerable<double> Values<T>(Sequence<T>? sequence, int feature, int features)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(sequence, "sequences");
        Guard.Shape(sequence.Features == features, $"of {features} features, as the first", $"{sequence}", "sequences");
        for (int t = 0; t < sequence.Steps; t++)
        {
            for (int b = 0; b < sequence.Batch; b++)
            {
                double value = double.CreateTruncating(sequence[t, b, feature]);
                Guard.Shape(!double.IsInfinity(value), "finite", $"{value} at step {t}, feature {feature}", "sequences");
                if (!double.IsNaN(value) && sequence.Mask?[t, b] != false)
                {
                    yield return value;
                }
            }
        }
    }

    private static (double Mean, double Deviation) MeanAndDeviation(double[] values)
    {
        double mean = values.Average();
        return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
    }
}
