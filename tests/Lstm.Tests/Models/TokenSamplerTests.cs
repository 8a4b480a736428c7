using System.Numerics;
using FluentAssertions.Equivalency;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Models;

public class TokenSamplerTests
{
    private const int Draws = 40_000;

    /// <summary>Five standard deviations of a frequency: √(p(1−p)/n) is at most 0.5/√n.</summary>
    private const double Scatter = 5 * 0.5 / 200;

    /// <summary>Tokens whose softmax is 0.1, 0.2, 0.3, 0.4, shifted by a constant that must not matter.</summary>
    private static readonly double[] OneToFour = [.. new[] { 1.0, 2, 3, 4 }.Select(p => Math.Log(p) + 7)];

    [Theory]
    [InlineData(1, new[] { 0.1, 0.2, 0.3, 0.4 })]
    [InlineData(0.5, new[] { 1 / 30.0, 4 / 30.0, 9 / 30.0, 16 / 30.0 })]
    [InlineData(1e300, new[] { 0.25, 0.25, 0.25, 0.25 })]
    [InlineData(1e-300, new[] { 0.0, 0, 0, 1 })]
    public void Sample_Temperature_FollowsTheSoftmaxOfLogitsOverTemperature(double temperature, double[] expected) =>
        Frequencies(new SamplingOptions { Temperature = temperature }, OneToFour)
            .Should().BeEquivalentTo(expected, Near, "of the temperature {0}", temperature);

    [Theory]
    [InlineData(1, new[] { 0.0, 0, 0, 1 })]
    [InlineData(2, new[] { 0.0, 0, 3 / 7.0, 4 / 7.0 })]
    [InlineData(3, new[] { 0.0, 2 / 9.0, 3 / 9.0, 4 / 9.0 })]
    public void Sample_TopK_LeavesOutAllOthers(int k, double[] expected)
    {
        double[] actual = Frequencies(new SamplingOptions { TopK = k }, OneToFour);

        actual.Should().BeEquivalentTo(expected, Near);
        actual.Take(4 - k).Should().AllBeEquivalentTo(0.0, "left out is never, not seldom");
    }

    [Fact]
    public void Sample_TopKWithinATie_TakesTheLowerIndices()
    {
        double[] actual = Frequencies(new SamplingOptions { TopK = 3 }, [1, 2, 1, 3, 1, 2, 2]);

        actual.Select(frequency => frequency > 0).Should().Equal(false, true, false, true, false, true, false);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(int.MaxValue)]
    public void Sample_TopKOfTheVocabularyOrMore_IsAsWithoutIt(int k)
    {
        var all = new TokenSampler<double>(new SamplingOptions(), new Random(5));
        var some = new TokenSampler<double>(new SamplingOptions { TopK = k }, new Random(5));

        for (int n = 0; n < 200; n++)
        {
            some.Sample(OneToFour).Should().Be(all.Sample(OneToFour));
        }
    }

    [Theory]
    [InlineData(0.3, 1.0, null, new[] { 0.0, 0, 0, 1 })]
    [InlineData(0.41, 1.0, null, new[] { 0.0, 0, 3 / 7.0, 4 / 7.0 })]
    [InlineData(0.71, 1.0, null, new[] { 0.0, 2 / 9.0, 3 / 9.0, 4 / 9.0 })]
    [InlineData(0.95, 1.0, null, new[] { 0.1, 0.2, 0.3, 0.4 })]
    [InlineData(0.5, 1.0, 2, new[] { 0.0, 0, 0, 1 })]
    [InlineData(0.6, 1.0, 2, new[] { 0.0, 0, 3 / 7.0, 4 / 7.0 })]
    [InlineData(0.5, 0.5, null, new[] { 0.0, 0, 0, 1 })]
    public void Sample_TopP_TakesTheFewestThatReachIt(double p, double temperature, int? k, double[] expected)
    {
        double[] actual = Frequencies(new SamplingOptions { TopP = p, Temperature = temperature, TopK = k }, OneToFour);

        actual.Should().BeEquivalentTo(expected, Near);
        actual.Select(share => share > 0).Should().Equal(expected.Select(share => share > 0), "left out is never, not seldom");
    }

    [Theory]
    [InlineData(0.25, null, 1)]
    [InlineData(0.5, null, 2)]
    [InlineData(0.75, null, 3)]
    [InlineData(0.5, 2, 1)]
    public void Sample_TopPReachedExactly_TakesNoMore(double p, int? k, int expected)
    {
        // Of four tokens that weigh 1 each all shares are exact.
        foreach (double[] logits in (double[][])[[7, 7, 7, 7], [7, 7, -1e6, 7, 7]])
        {
            double[] actual = Frequencies(new SamplingOptions { TopP = p, TopK = k }, logits);

            actual.Count(frequency => frequency > 0).Should().Be(expected);
        }
    }

    [Fact]
    public void Sample_TopPWithinATie_TakesTheLowerIndices()
    {
        // Five of 1/5: three of them reach 0.5.
        double[] actual = Frequencies(new SamplingOptions { TopP = 0.5 }, [1, 1, 1, 1, 1]);

        actual.Select(frequency => frequency > 0).Should().Equal(true, true, true, false, false);
    }

    [Fact]
    public void Sample_TopPOfManyTokens_LeavesOutTheTail()
    {
        // One token of 1/2 and a thousand of 1/2000 each: p = 0.6 takes the first and 200 more, those of lower index.
        double[] logits = [Math.Log(0.5), .. Enumerable.Repeat(Math.Log(0.0005), 1000)];
        var sampler = new TokenSampler<double>(new SamplingOptions { TopP = 0.60001 }, new Random(3));

        int[] drawn = [.. Enumerable.Range(0, Draws).Select(_ => sampler.Sample(logits))];

        drawn.Should().OnlyContain(token => token <= 201);
        drawn.Count(token => token == 0).Should().BeCloseTo((int)(Draws / 1.2), (uint)(Draws * Scatter));
    }

    [Fact]
    public void Sample_Greedy_TakesTheFirstOfTheLargestAndNoRandomNumber()
    {
        var random = new Scripted(double.NaN);
        var sampler = new TokenSampler<float>(SamplingOptions.Greedy, random);

        sampler.Sample([-3, -1, -2, -1]).Should().Be(1);
        sampler.Sample([float.MinValue, float.MaxValue, 0]).Should().Be(1);
        random.Drawn.Should().Be(0);
    }

    [Theory]
    [InlineData(0.0, 1)]
    [InlineData(0.4999, 1)]
    [InlineData(0.5001, 3)]
    [InlineData(1 - (1.0 / (1L << 53)), 3)]
    public void Sample_TokensRuledOut_AreNeverChosen(double drawn, int expected)
    {
        var random = new Scripted(drawn);
        var sampler = new TokenSampler<float>(new SamplingOptions(), random);
        const float no = float.NegativeInfinity;

        sampler.Sample([no, 2, no, 2, no]).Should().Be(expected);
        random.Drawn.Should().Be(1);
    }

    [Fact]
    public void Sample_LargestFiniteNumbers_DoesNotOverflow()
    {
        const float big = float.MaxValue;

        FrequenciesOf<float>(new SamplingOptions(), [big, -big, big]).Should().BeEquivalentTo([0.5, 0, 0.5], Near);
        FrequenciesOf(new SamplingOptions { Temperature = 1e-3 }, [double.MaxValue, double.MinValue])
            .Should().Equal(1, 0);
    }

    [Fact]
    public void Sample_SameSeed_ChoosesTheSameInFloatAndDouble()
    {
        var single = new TokenSampler<float>(new SamplingOptions { TopK = 3 }, new Random(9));
        var twice = new TokenSampler<double>(new SamplingOptions { TopK = 3 }, new Random(9));

        for (int n = 0; n < 200; n++)
        {
            single.Sample([0, 1, 2, 3]).Should().Be(twice.Sample([0, 1, 2, 3]));
        }
    }

    [Fact]
    public void Sample_OnceWarm_AllocatesNothing()
    {
        var sampler = new TokenSampler<float>(new SamplingOptions { TopK = 3, TopP = 0.9 }, new Random(1));
        float[] logits = [1, 2, 3, 4, 5];
        sampler.Sample(logits);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int n = 0; n < 100; n++)
        {
            sampler.Sample(logits);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    [Fact]
    public void BadArguments_AreRefused()
    {
        Refusal.Of<ArgumentNullException>(() => new TokenSampler<float>(null!, new Random(1)), "options");
        Refusal.Of<ArgumentNullException>(() => new TokenSampler<float>(SamplingOptions.Greedy, null!), "random");

        var random = new Scripted(0);
        foreach (SamplingOptions options in new[] { SamplingOptions.Greedy, new() })
        {
            var sampler = new TokenSampler<float>(options, random);
            Refusal.Of<ArgumentException>(() => sampler.Sample([]), "logits", "none");
            Refusal.Of<ArgumentException>(() => sampler.Sample([1, float.NaN]), "logits", "element 1 is NaN");
            Refusal.Of<ArgumentException>(() => sampler.Sample([float.PositiveInfinity]), "logits", "element 0");
            Refusal.Of<ArgumentException>(() => sampler.Sample([float.NegativeInfinity]), "logits", "−∞ for all");
        }

        random.Drawn.Should().Be(0, "a refused call changes nothing");
    }

    private static double[] Frequencies(SamplingOptions options, double[] logits)
    {
        double[] frequencies = FrequenciesOf(options, logits);
        double[] inSingle = FrequenciesOf(options, [.. logits.Select(logit => (float)logit)]);
        inSingle.Should().BeEquivalentTo(frequencies, Near);
        return frequencies;
    }

    private static double[] FrequenciesOf<T>(SamplingOptions options, T[] logits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var sampler = new TokenSampler<T>(options, new Random(20));
        int[] counts = new int[logits.Length];
        for (int n = 0; n < Draws; n++)
        {
            counts[sampler.Sample(logits)]++;
        }

        return [.. counts.Select(count => (double)count / Draws)];
    }

    private static EquivalencyAssertionOptions<double> Near(
        EquivalencyAssertionOptions<double> options) =>
        options.WithStrictOrdering()
            .Using<double>(pair => pair.Subject.Should().BeApproximately(pair.Expectation, Scatter))
            .WhenTypeIs<double>();

    /// <summary>A source that gives one number again and again, and counts.</summary>
    private sealed class Scripted(double value) : Random
    {
        public int Drawn { get; private set; }

        public override double NextDouble()
        {
            Drawn++;
            return value;
        }
    }
}
