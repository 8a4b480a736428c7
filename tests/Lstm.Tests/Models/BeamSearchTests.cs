using Lstm.Data;
using Lstm.Losses;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Models;

public class BeamSearchTests
{
    private static readonly int[][] Sources = [[0, 2, 1], [3], [4, 4, 0, 1]];

    /// <summary>Weights of up to 3: no token is far more likely than all others, and what was written before matters.</summary>
    private const double Range = 3;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Search_Greedy_TakesTheMostLikelyTokenThatTheWholeTargetGives(int seed)
    {
        EncoderDecoder<double> network = Create(seed);
        const int longest = 6;
        IReadOnlyList<IReadOnlyList<Hypothesis>> found = network.Search(Read(Sources), longest);

        for (int b = 0; b < Sources.Length; b++)
        {
            var tokens = new List<int>();
            double logProbability = 0;
            int next;
            do
            {
                double[] logs = LogProbabilities(network, Sources[b], tokens);
                next = Array.IndexOf(logs, logs.Max());
                logProbability += logs[next];
                tokens.Add(next);
            }
            while (next != network.Boundary && tokens.Count <= longest);

            if (next != network.Boundary)
            {
                // What would come next is not part of a target that is cut.
                logProbability -= LogProbabilities(network, Sources[b], tokens[..longest])[next];
                tokens.RemoveAt(longest);
            }

            Hypothesis best = found[b].Should().ContainSingle().Which;
            best.Tokens.Should().Equal(tokens.Where(token => token != network.Boundary));
            best.IsComplete.Should().Be(next == network.Boundary);
            best.LogProbability.Should().BeApproximately(logProbability, Tolerance.Rounding<double>());
        }
    }

    [Theory]
    [InlineData(1, 0.0)]
    [InlineData(2, 0.6)]
    [InlineData(3, 1.5)]
    public void Search_BeamWiderThanAllTargets_FindsTheBestOfAll(int seed, double penalty)
    {
        EncoderDecoder<double> network = Create(seed);
        const int longest = 3;
        DecodingOptions options = new() { BeamWidth = 64 * 5, LengthPenalty = penalty, MaximumLength = longest };
        (int[] Tokens, double Score)[] all = [.. Targets(longest).Select(target => (target, Score(target)))];
        double Score(int[] target)
        {
            double sum = Enumerable.Range(0, target.Length + 1)
                .Sum(n => LogProbabilities(network, Sources[0], target[..n])[n < target.Length ? target[n] : network.Boundary]);
            return sum / Math.Pow((5 + target.Length + 1) / 6.0, penalty);
        }

        IReadOnlyList<Hypothesis> found = network.Search(Read(Sources[0]), 99, options)[0];

        found.Should().HaveCount(all.Length).And.OnlyContain(target => target.IsComplete);
        (int[] Tokens, double Score)[] expected = [.. all.OrderByDescending(target => target.Score).Take(5)];
        for (int n = 0; n < expected.Length; n++)
        {
            found[n].Tokens.Should().Equal(expected[n].Tokens);
            found[n].Score.Should().BeApproximately(expected[n].Score, Tolerance.Rounding<double>());
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Search_NarrowBeam_EqualsSortingAllContinuationsOfEachStep(int width)
    {
        const int longest = 6;
        for (int seed = 1; seed <= 8; seed++)
        {
            EncoderDecoder<double> network = Create(seed);
            if (seed > 4)
            {
                // Whatever was written before, the logits are the bias: many beginnings are equally likely.
                network.Output.Weights.Values.Clear();
                double[] bias = [.. Enumerable.Range(0, network.Output.Outputs).Select(n => (double)((n * seed) % 3 % 2))];
                bias.CopyTo(network.Output.Bias.Values);
            }

            IReadOnlyList<Hypothesis> found = network.Search(Read(Sources[2]), longest, new() { BeamWidth = width, LengthPenalty = 0 })[0];

            (int[] Tokens, double Score)[] expected = [.. Sorted(network, Sources[2], width, longest)];
            found.Select(target => string.Join(' ', target.Tokens)).Should()
                .Equal(expected.Select(target => string.Join(' ', target.Tokens)), "of seed {0}", seed);
            Close.Within(
                [.. found.Select(target => target.Score)], [.. expected.Select(target => target.Score)], Tolerance.Rounding<double>());
        }
    }

    [Fact]
    public void Search_WiderBeam_FindsWhatGreedyMisses()
    {
        DecodingOptions wide = new() { BeamWidth = 5, LengthPenalty = 0 };
        double[] gains =
        [
            .. Enumerable.Range(1, 20).Select(seed =>
            {
                EncoderDecoder<double> network = Create(seed);
                return network.Search(Read(Sources[0]), 5, wide)[0][0].LogProbability
                    - network.Search(Read(Sources[0]), 5)[0][0].LogProbability;
            }),
        ];

        gains.Should().Contain(gain => gain > 0.1);
    }

    [Fact]
    public void Search_OneSourceAloneAndAmongOthers_FindsTheSame()
    {
        EncoderDecoder<double> network = Create(4);
        DecodingOptions options = new() { BeamWidth = 3 };
        IReadOnlyList<IReadOnlyList<Hypothesis>> together = network.Search(Read(Sources), 6, options);

        for (int b = 0; b < Sources.Length; b++)
        {
            IReadOnlyList<Hypothesis> alone = network.Search(Read(Sources[b]), 6, options)[0];
            together[b].Select(found => string.Join(' ', found.Tokens)).Should()
                .Equal(alone.Select(found => string.Join(' ', found.Tokens)));
            Close.Within(
                [.. together[b].Select(found => found.Score)], [.. alone.Select(found => found.Score)], Tolerance.Rounding<double>());
        }
    }

    [Fact]
    public void Search_AnyBeam_RanksDifferentTargetsByScore()
    {
        IReadOnlyList<Hypothesis> found = Create(6).Search(Read(Sources[2]), 6, new() { BeamWidth = 4 })[0];

        found.Should().HaveCount(4).And.BeInDescendingOrder(target => target.Score);
        found.Select(target => string.Join(' ', target.Tokens)).Should().OnlyHaveUniqueItems();
        found.Should().OnlyContain(target => target.Tokens.Count <= 6 && target.LogProbability <= 0);
    }

    [Fact]
    public void Search_ManyThreads_FindWhatEachFindsAlone()
    {
        EncoderDecoder<double> network = Create(5);
        network.Threads = 1;
        DecodingOptions options = new() { BeamWidth = 3 };
        double[] expected = [.. Sources.Select(source => network.Search(Read(source), 8, options)[0][0].Score)];

        Parallel.For(0, 60, new ParallelOptions { MaxDegreeOfParallelism = 6 }, n =>
            network.Search(Read(Sources[n % 3]), 8, options)[0][0].Score.Should().Be(expected[n % 3]));
    }

    [Fact]
    public void Search_NetworkThatGivesNaN_SaysSo()
    {
        EncoderDecoder<double> network = Create(1);
        network.Output.Bias.Values.Fill(double.NaN);

        ((Action)(() => network.Search(Read(Sources), 5))).Should().Throw<ArithmeticException>().WithMessage("*not finite*");
    }

    [Fact]
    public void Search_BadArguments_AreRefused()
    {
        EncoderDecoder<double> network = Create(1);

        Refusal.Of<ArgumentNullException>(() => network.Search(null!, 5), "source");
        Refusal.Of<ArgumentOutOfRangeException>(() => network.Search(Read(Sources), 0), "maximumLength", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new DecodingOptions { BeamWidth = 0 }, "BeamWidth", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new DecodingOptions { LengthPenalty = -1 }, "LengthPenalty", "-1");
        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new DecodingOptions { MaximumLength = 0 }, "MaximumLength", "0");
    }

    private static EncoderDecoder<double> Create(int seed) =>
        EncoderDecoderTests.Create(new() { Seed = seed, Layers = 1 + (seed % 2), Peeky = seed % 3 > 0 }, Range);

    private static Sequence<double> Read(params int[][] sources) => PairBatch<double>.LayOutSources(sources, reverse: false);

    /// <summary>
    /// Of each step the 2k best continuations in a stable order: the first k that go on are the beam, and what ends among the
    /// first k is found, until there are k. After the longest that there may be, only the end counts. Those of the beam that did
    /// not end come behind, if fewer are found by then.
    /// </summary>
    private static IEnumerable<(int[] Tokens, double Score)> Sorted(
        EncoderDecoder<double> network, int[] source, int width, int longest)
    {
        List<(int[] Tokens, double Score)> found = [];
        List<(int[] Tokens, double Score)> beam = [([], 0)];
        for (int step = 0; step <= longest && found.Count < width; step++)
        {
            (int[] Tokens, double Score)[] best =
            [
                .. beam.SelectMany(begun => LogProbabilities(network, source, begun.Tokens)
                        .Select((log, token) => ((int[])[.. begun.Tokens, token], begun.Score + log)))
                    .OrderByDescending(target => target.Item2).Take(2 * width),
            ];
            (int[] Tokens, double Score)[] ended =
            [
                .. best.Take(width).Where(target => target.Tokens[^1] == network.Boundary)
                    .Take(width - found.Count).Select(target => (target.Tokens[..^1], target.Score)),
            ];
            found.AddRange(ended);
            beam = step < longest
                ? [.. best.Where(target => target.Tokens[^1] != network.Boundary).Take(width)]
                : [.. beam.Where(begun => !ended.Any(target => target.Tokens.SequenceEqual(begun.Tokens)))];
        }

        return found.Concat(beam).Take(Math.Max(width, found.Count)).OrderByDescending(target => target.Score);
    }

    /// <summary>All targets of up to so many tokens.</summary>
    private static IEnumerable<int[]> Targets(int longest) =>
        longest == 0
            ? [[]]
            : Targets(longest - 1).SelectMany(target => target.Length < longest - 1
                ? [target]
                : Enumerable.Range(0, 4).Select(token => (int[])[.. target, token]).Prepend(target));

    /// <summary>Of the token that comes next, from a pass over the whole target as in training.</summary>
    private static double[] LogProbabilities(EncoderDecoder<double> network, int[] source, IEnumerable<int> target)
    {
        PairBatch<double> batch = PairBatch<double>.Of([new(source, [.. target])], network.Boundary);
        Sequence<double> logits = network.Forward(batch.Source, batch.Target);
        double[] logs = new double[logits.Features];
        Softmax.LogProbabilities(logits.At(logits.Steps - 1, 0), logs);
        return logs;
    }
}
