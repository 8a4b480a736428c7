using System.Numerics.Tensors;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace Lstm.Data;

/// <summary>What a series says about how it should be prepared for a forecast.</summary>
internal static class SeriesStatistics
{
    /// <summary>The critical value of <see cref="Kpss"/> at 5 % (Kwiatkowski and others 1992, table 1).</summary>
    public const double KpssCritical = 0.463;

    /// <summary>
    /// The <see cref="Decompose"/>d strength from which a seasonal difference is taken (Hyndman and Athanasopoulos 2021, section 9.1).
    /// </summary>
    public const double StrongSeason = 0.64;

    /// <summary>What differs by less, beside the size of the numbers, is rounding.</summary>
    private const double Rounding = 1e-9;

    /// <summary>By so much the autocorrelation must rise to a peak and fall behind it (Wang, Smith and Hyndman 2006).</summary>
    private const double Rise = 0.1;

    private const int LongestPeriod = 10_000;
    private const double Significance = 0.05;

    /// <summary>
    /// The period of a series: the lag of the first peak of the autocorrelation of what a cubic leaves, behind a trough, of
    /// lags up to a third of the series; 1 if there is none (Wang, Smith and Hyndman 2006, "Characteristic-based clustering
    /// for time series data", section 3.3). A peak must be higher than at one of twenty series of noise any of the lags
    /// is (Bonferroni).
    /// </summary>
    public static int Period(ReadOnlySpan<double> values)
    {
        int lags = Math.Min(values.Length / 3, LongestPeriod);
        double[] rest = WithoutCubic(values);
        if (lags < 3 || IsConstant(rest, Size(values)))
        {
            return 1;
        }

        double square = TensorPrimitives.SumOfSquares<double>(rest);
        double significant = Normal.InvCDF(0, 1, 1 - (Significance / lags)) / Math.Sqrt(rest.Length);
        double trough = 1;
        double peak = double.NegativeInfinity;
        int period = 1;
        for (int lag = 1; lag <= lags; lag++)
        {
            double correlation = TensorPrimitives.Dot<double>(rest.AsSpan(lag), rest.AsSpan(0, rest.Length - lag)) / square;
            bool climbing = period > 1;
            if (climbing && correlation <= peak - Rise)
            {
                return period;
            }

            trough = climbing ? trough : Math.Min(trough, correlation);
            if (correlation > peak && correlation > significant && correlation >= trough + Rise)
            {
                (peak, period) = (correlation, lag);
            }
        }

        return period < lags ? period : 1;
    }

    /// <summary>
    /// Whether logarithms even out the spread: over blocks of a season (of two steps without one), it goes together with the
    /// level, and in relation to it varies less than by itself. The latter is the criterion of Guerrero (1993), "Time-series
    /// analysis supported by power transformations", of the powers 0 and 1.
    /// </summary>
    public static bool FavoursLogarithm(ReadOnlySpan<double> values, int season)
    {
        int size = Math.Max(2, season);
        int count = values.Length / size;
        if (count < 3)
        {
            return false;
        }

        double[] levels = new double[count];
        double[] spreads = new double[count];
        for (int n = 0; n < count; n++)
        {
            double[] block = values.Slice(values.Length - ((count - n) * size), size).ToArray();
            levels[n] = ArrayStatistics.Mean(block);
            spreads[n] = ArrayStatistics.StandardDeviation(block);
        }

        double[] shares = new double[count];
        TensorPrimitives.Divide(spreads, levels, shares);

        // Beyond this is the correlation of one in twenty series whose spread has nothing to do with their level.
        double significant = Normal.InvCDF(0, 1, 1 - Significance) / Math.Sqrt(count);
        return Variation(shares) < Variation(spreads) && Correlation.Pearson(levels, spreads) > significant;

        static double Variation(double[] numbers) => ArrayStatistics.StandardDeviation(numbers) / ArrayStatistics.Mean(numbers);
    }

    /// <summary>
    /// F<sub>S</sub> = max(0, 1 − Var(R) / Var(S + R)) of the seasonal part S and the remainder R of a classical decomposition
    /// (Wang, Smith and Hyndman 2006; Hyndman and Athanasopoulos 2021, "Forecasting: principles and practice", 3rd edition,
    /// sections 3.4 and 4.3), and the series without S; 0 and the series itself for less than two seasons beside what the
    /// moving average takes.
    /// </summary>
    public static (double Strength, double[] Adjusted) Decompose(ReadOnlySpan<double> values, int season)
    {
        double[] adjusted = values.ToArray();
        int half = season / 2;
        int count = values.Length - (2 * half);
        if (season < 2 || count < 2 * season)
        {
            return (0, adjusted);
        }

        double[] detrended = new double[count];
        for (int t = 0; t < count; t++)
        {
            ReadOnlySpan<double> around = values.Slice(t, (2 * half) + 1);
            double sum = TensorPrimitives.Sum(around) - (season % 2 == 0 ? (around[0] + around[^1]) / 2 : 0);
            detrended[t] = around[half] - (sum / season);
        }

        if (IsConstant(detrended, Size(values)))
        {
            return (0, adjusted);
        }

        double[] rest = [.. detrended];
        for (int phase = 0; phase < season; phase++)
        {
            double mean = 0;
            int times = (count - phase + season - 1) / season;
            for (int t = phase; t < count; t += season)
            {
                mean += detrended[t] / times;
            }

            for (int t = phase; t < count; t += season)
            {
                rest[t] -= mean;
            }

            for (int t = (phase + half) % season; t < adjusted.Length; t += season)
            {
                adjusted[t] -= mean;
            }
        }

        double share = ArrayStatistics.PopulationVariance(rest) / ArrayStatistics.PopulationVariance(detrended);
        return (Math.Max(0, 1 - share), adjusted);
    }

    /// <summary>
    /// The statistic of Kwiatkowski, Phillips, Schmidt and Shin (1992), "Testing the null hypothesis of stationarity against the
    /// alternative of a unit root", for a level without a trend: Σ S<sub>t</sub>² / (n² s²), with the partial sums S of what
    /// differs from the mean, and a long-run variance s² with Bartlett's weights, over as many lags as Hobijn, Franses and Ooms
    /// (2004), "Generalizations of the KPSS-test for stationarity", derive from the series. 0 for a constant and fewer than three numbers.
    /// </summary>
    /// <param name="values">The series.</param>
    /// <param name="size">The size of the numbers that it comes from, beside which rounding is told from change.</param>
    public static double Kpss(ReadOnlySpan<double> values, double size)
    {
        if (values.Length < 3 || IsConstant(values, size))
        {
            return 0;
        }

        double mean = TensorPrimitives.Sum(values) / values.Length;
        double[] rest = new double[values.Length];
        TensorPrimitives.Subtract(values, mean, rest);
        double variance = Covariance(0);
        int lags = Bandwidth();
        for (int lag = 1; lag <= lags; lag++)
        {
            variance += 2 * (1 - (lag / (lags + 1.0))) * Covariance(lag);
        }

        double sum = 0;
        double squares = 0;
        foreach (double value in rest)
        {
            sum += value;
            squares += sum * sum;
        }

        return squares / ((double)rest.Length * rest.Length * variance);

        double Covariance(int lag) =>
            TensorPrimitives.Dot<double>(rest.AsSpan(lag), rest.AsSpan(0, rest.Length - lag)) / rest.Length;

        int Bandwidth()
        {
            double level = Covariance(0);
            double slope = 0;
            int first = (int)Math.Pow(rest.Length, 2.0 / 9);
            for (int lag = 1; lag <= first; lag++)
            {
                level += 2 * Covariance(lag);
                slope += 2 * lag * Covariance(lag);
            }

            double ratio = slope / level;
            return (int)Math.Min(rest.Length - 1, 1.1447 * Math.Cbrt(ratio * ratio) * Math.Cbrt(rest.Length));
        }
    }

    /// <summary>The largest of the numbers, whatever its sign.</summary>
    public static double Size(ReadOnlySpan<double> values) => values.IsEmpty ? 0 : Math.Abs(TensorPrimitives.MaxMagnitude(values));

    private static bool IsConstant(ReadOnlySpan<double> values, double size) =>
        values.IsEmpty || TensorPrimitives.Max(values) - TensorPrimitives.Min(values) <= Rounding * size;

    /// <summary>What is left of a series when the cubic that fits it best is taken away, by orthogonal polynomials.</summary>
    private static double[] WithoutCubic(ReadOnlySpan<double> values)
    {
        const int degrees = 4;
        double[] rest = values.ToArray();
        double[][] polynomials = new double[Math.Min(degrees, rest.Length)][];
        for (int degree = 0; degree < polynomials.Length; degree++)
        {
            // Each from the one before, times a line from −1 to 1.
            double[] polynomial = new double[rest.Length];
            for (int t = 0; t < rest.Length; t++)
            {
                polynomial[t] = degree == 0 ? 1 : polynomials[degree - 1][t] * ((2.0 * t / (rest.Length - 1)) - 1);
            }

            for (int lower = 0; lower < degree; lower++)
            {
                TakeAway(polynomials[lower], polynomial);
            }

            polynomials[degree] = polynomial;
            TakeAway(polynomial, rest);
        }

        return rest;

        static void TakeAway(double[] polynomial, double[] numbers)
        {
            double factor = TensorPrimitives.Dot<double>(polynomial, numbers) / TensorPrimitives.SumOfSquares<double>(polynomial);
            for (int t = 0; t < numbers.Length; t++)
            {
                numbers[t] -= factor * polynomial[t];
            }
        }
    }
}
