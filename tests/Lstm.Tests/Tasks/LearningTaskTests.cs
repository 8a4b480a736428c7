using Lstm.Tasks;

namespace Lstm.Tests.Tasks;

public sealed class LearningTaskTests
{
    private const int Draws = 300;

    private static readonly LearnerOptions Few = new() { HiddenUnits = 4, MostSequences = 60 };

    [Fact]
    public void Draw_Adding_HasTwoMarkersAndTheirSum()
    {
        var random = new Random(1);
        var task = new AddingTask();
        HashSet<int> lengths = [], first = [], second = [];
        for (int n = 0; n < Draws; n++)
        {
            (Sequence<float> input, Sequence<float> target) = task.Draw(random);

            int last = input.Steps - 1;
            int[] marked = [.. Enumerable.Range(0, input.Steps).Where(t => input[t, 0, 1] == 1)];
            marked.Should().HaveCount(2);
            marked[0].Should().BeLessThan(10);
            marked[1].Should().BeLessThan(50);
            Enumerable.Range(0, input.Steps).Where(t => input[t, 0, 1] == -1).Should().Equal(marked[0] == 0 ? [last] : [0, last]);
            input.Values.ToArray().Where((_, i) => i % 2 == 0).Should().OnlyContain(x => x >= -1 && x <= 1);
            float sum = (marked[0] == 0 ? 0 : input[marked[0], 0, 0]) + input[marked[1], 0, 0];
            target.Values.ToArray().Should().Equal(0.5f + (sum / 4));
            lengths.Add(input.Steps);
            first.Add(marked[0]);
            second.Add(marked[1]);
        }

        lengths.Should().BeEquivalentTo(Enumerable.Range(100, 11));
        first.Should().BeEquivalentTo(Enumerable.Range(0, 10));
        second.Max().Should().Be(49);
    }

    [Theory]
    [InlineData("10 50")]
    [InlineData("10 33 66")]
    public void Draw_TemporalOrder_IsTheClassOfWhatStandsAtThePlaces(string starts)
    {
        int[] places = [.. starts.Split(' ').Select(int.Parse)];
        TemporalOrderTask task = places.Length == 2 ? TemporalOrderTask.OfTwo() : TemporalOrderTask.OfThree();
        var random = new Random(2);
        HashSet<(int Part, int Step)> seen = [];
        HashSet<string> classes = [];
        HashSet<int> lengths = [];
        for (int n = 0; n < Draws; n++)
        {
            (Sequence<float> input, Sequence<float> target) = task.Draw(random);

            string symbols = string.Concat(Enumerable.Range(0, input.Steps).Select(t => TemporalOrderTask.Alphabet[OneHot(input.Step(t))]));
            symbols.Should().MatchRegex("^E[a-dXY]+B$");
            int[] at = [.. Enumerable.Range(0, symbols.Length).Where(t => symbols[t] is 'X' or 'Y')];
            at.Should().HaveCount(places.Length);
            at.Zip(places).Should().OnlyContain(pair => pair.First >= pair.Second && pair.First <= pair.Second + 10);
            string order = string.Concat(at.Select(t => symbols[t]));
            Convert.ToString(OneHot(target.Values), 2).PadLeft(places.Length, '0').Should().Be(order.Replace('X', '0').Replace('Y', '1'));
            seen.UnionWith(at.Select((t, part) => (part, t)));
            classes.Add(order);
            lengths.Add(symbols.Length);
        }

        seen.Should().HaveCount(11 * places.Length);
        classes.Should().HaveCount(1 << places.Length);
        lengths.Should().BeEquivalentTo(Enumerable.Range(100, 11));
    }

    [Fact]
    public void Draw_EmbeddedReber_HasOtherStringsToTestWith()
    {
        (IReadOnlyList<ReberString> training, IReadOnlyList<ReberString> test) = EmbeddedReberTask.Draw(new Random(3));

        (training.Count, test.Count).Should().Be((256, 256));
        training.Select(item => item.Symbols).Should().NotIntersectWith(test.Select(item => item.Symbols));
    }

    [Fact]
    public void Encode_String_IsWhatIsReadAndWhatComesNext()
    {
        (Sequence<float> input, Sequence<float> target) = EmbeddedReberTask.Encode(new ReberString("BTP", ["T", "P"]));

        input.Values.ToArray().Should().Equal(1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0);
        target.Values.ToArray().Should().Equal(0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0);
    }

    [Theory]
    [InlineData("T", true)]
    [InlineData("TP", true)]
    [InlineData("P", false)]
    [InlineData("TS", false)]
    [InlineData("TPS", false)]
    public void IsRight_EmbeddedReber_WantsAllThatMayFollowAboveAllOthers(string followers, bool right)
    {
        // In the order of the alphabet, B, T, P, S, X, V, E: T is the largest, then P, then S and X alike.
        float[] output = [-1, 3, 2, 1, 1, 0, -2];

        EmbeddedReberTask.IsRight(output, followers).Should().Be(right);
    }

    [Fact]
    public void Run_SameSeed_IsTheSame()
    {
        foreach (LearningTask task in new LearningTask[] { new EmbeddedReberTask(Few), new AddingTask(Few), TemporalOrderTask.OfTwo(Few), new ContinualReberTask(Few) })
        {
            Trial trial = task.Run(1);

            trial.Sequences.Should().BeNull("nothing is learnt from {0} sequences", Few.MostSequences);
            task.Run(1).Should().Be(trial);
        }

        new AddingTask(Few).Run(2).Should().NotBe(new AddingTask(Few).Run(1));
    }

    [Fact]
    public void Run_TemporalOrder_IsLearntNoSoonerThanTheCriterionAllows()
    {
        Trial trial = TemporalOrderTask.OfTwo().Run(1);

        trial.Sequences.Should().BeInRange(2001, 31_390);
        trial.Steps.Should().BeInRange(trial.Sequences!.Value * 100L, trial.Sequences.Value * 110L);
        trial.Wrong.Should().BeLessThan(26);
    }

    private static int OneHot(Span<float> values)
    {
        values.ToArray().Order().Should().Equal([.. Enumerable.Repeat(0f, values.Length - 1), 1f]);
        return values.IndexOf(1f);
    }
}
