using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Lstm.Losses;
using Lstm.Tests.Support;

namespace Lstm.Tests.Losses;

public class SoftmaxTests
{
    /// <summary>What the documentation states, in units in the last place, beside the rounding of xₖ − m.</summary>
    private const double StatedUlps = 8;

    private static readonly JsonSerializerOptions CamelCase = new(JsonSerializerDefaults.Web);

    private static readonly Golden[] Goldens = JsonSerializer.Deserialize<Golden[]>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Losses", "softmax.json")), CamelCase)!;

    [Fact]
    public void Probabilities_GoldenInFloat_IsWithinStatedUlps() => CompareWithGolden<float>();

    [Fact]
    public void Probabilities_GoldenInDouble_IsWithinStatedUlps() => CompareWithGolden<double>();

    [Fact]
    public void Probabilities_LargestFiniteLogits_DoNotOverflow()
    {
        float[] probabilities = new float[4];
        Softmax.Probabilities<float>([float.MaxValue, -float.MaxValue, float.MaxValue, 0], probabilities);
        probabilities.Should().Equal(0.5f, 0, 0.5f, 0);
    }

    [Fact]
    public void Probabilities_MinusInfinity_ExcludesClass()
    {
        double[] probabilities = new double[3];
        Softmax.Probabilities<double>([7, double.NegativeInfinity, 7], probabilities);
        probabilities.Should().Equal(0.5, 0, 0.5);
    }

    [Fact]
    public void Probabilities_OneClass_IsCertain()
    {
        float[] probabilities = new float[1];
        Softmax.Probabilities<float>([-123.4f], probabilities);
        probabilities.Should().Equal(1);
    }

    [Fact]
    public void Probabilities_InPlace_EqualsApart()
    {
        double[] logits = [.. Enumerable.Range(0, 300).Select(n => Math.Sin(n))];
        double[] apart = new double[logits.Length];
        Softmax.Probabilities<double>(logits, apart);
        Softmax.Probabilities<double>(logits, logits);
        logits.Should().Equal(apart);
    }

    [Fact]
    public void Probabilities_BadInput_IsRefusedAndChangesNothing()
    {
        double[] numbers = [1, 2, 3, 4];
        Refuse(() => Softmax.Probabilities([], numbers.AsSpan()), "logits", "at least one", "empty");
        Refuse(() => Softmax.Probabilities<double>([1, 2, 3], numbers), "probabilities", "3", "4");
        Refuse(() => Softmax.Probabilities(numbers.AsSpan(0, 3), numbers.AsSpan(1, 3)), "probabilities", "overlapping");
        Refuse(() => Softmax.Probabilities<double>([1, double.NaN, 3, 4], numbers), "logits", "finite", "NaN");
        Refuse(() => Softmax.Probabilities<double>([1, double.PositiveInfinity, 3, 4], numbers), "logits", "finite");
        double low = double.NegativeInfinity;
        Refuse(() => Softmax.Probabilities<double>([low, low, low, low], numbers), "logits", "finite");
        Action half = () => Softmax.Probabilities<Half>([Half.One], new Half[1]);
        half.Should().ThrowExactly<NotSupportedException>();
        numbers.Should().Equal(1, 2, 3, 4);

        void Refuse(Action call, string parameter, params string[] words) =>
            Refusal.Of<ArgumentException>(call, parameter, words);
    }

    [Fact]
    public void LogProbabilities_AnyLogits_AreLogarithmsOfProbabilities()
    {
        // Relative to numbers of about 10: some tens of double's epsilon.
        const double rounding = 2e-14;
        double[] logits = [.. Enumerable.Range(0, 37).Select(n => 5 * Math.Sin(n)), double.NegativeInfinity];
        double[] probabilities = new double[logits.Length];
        double[] logarithms = new double[logits.Length];
        Softmax.Probabilities<double>(logits, probabilities);
        Softmax.LogProbabilities<double>(logits, logarithms);
        for (int k = 0; k < logits.Length - 1; k++)
        {
            logarithms[k].Should().BeApproximately(Math.Log(probabilities[k]), rounding);
            Softmax.LogProbability<double>(logits, k).Should().BeApproximately(Math.Log(probabilities[k]), rounding);
        }

        logarithms[^1].Should().Be(double.NegativeInfinity);
        Softmax.LogProbability<double>(logits, logits.Length - 1).Should().Be(double.NegativeInfinity);
        Softmax.LogProbabilities<double>(logits, logits);
        logits.Should().Equal(logarithms);
    }

    [Fact]
    public void LogProbability_FarBelowFloatsRange_IsTheDistance() =>
        Softmax.LogProbability<float>([0, -1e4f, -200], 1).Should().BeApproximately(-1e4, 1e-3, "log(1 + e⁻²⁰⁰) is 0");

    [Fact]
    public void LogProbabilities_BadInput_IsRefused()
    {
        double[] two = [1, 2];
        Refusal.Of<ArgumentException>(() => Softmax.LogProbabilities([], two.AsSpan()), "logits", "empty");
        Refusal.Of<ArgumentException>(() => Softmax.LogProbabilities<double>([1], two), "logarithms", "1", "2");
        Refusal.Of<ArgumentException>(() => Softmax.LogProbability<double>([double.NaN], 0), "logits", "finite", "NaN");
        Refusal.Of<ArgumentOutOfRangeException>(() => Softmax.LogProbability<double>(two, 2), "index", "0 to 1", "2");
    }

    [Fact]
    public void Probabilities_OnceWarm_AllocatesNothing()
    {
        float[] logits = new float[10_000];
        float[] probabilities = new float[10_000];
        ThreadAllocation.OnceWarm(() => Softmax.Probabilities<float>(logits, probabilities)).Should().Be(0);
    }

    private static void CompareWithGolden<T>()
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Goldens.Should().NotBeEmpty();
        foreach (Golden golden in Goldens)
        {
            T[] probabilities = new T[golden.Logits.Length];
            Softmax.Probabilities<T>([.. golden.Logits.Select(T.CreateChecked)], probabilities);
            double maximum = golden.Logits.Max();
            for (int k = 0; k < probabilities.Length; k++)
            {
                double expected = double.Parse(golden.Probabilities[k], CultureInfo.InvariantCulture);
                var nearest = T.CreateTruncating(expected);
                double ulp = double.CreateTruncating(T.BitIncrement(nearest) - nearest);
                double allowed = (StatedUlps + maximum - golden.Logits[k]) * ulp;
                double.CreateTruncating(probabilities[k]).Should().BeApproximately(
                    expected, allowed, "of class {0} of {1}", k, probabilities.Length);
            }
        }
    }

    private sealed record Golden(double[] Logits, string[] Probabilities);
}
