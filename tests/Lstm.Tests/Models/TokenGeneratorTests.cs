using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Models;

public class TokenGeneratorTests
{
    private const int Tokens = 7;
    private static readonly int[] Prompt = [3, 0, 6, 3];

    [Fact]
    public void Generate_Greedy_EqualsRunningTheWholeTextAnewForEachToken()
    {
        Network<double> network = CreateNetwork();
        var text = new List<int>(Prompt);
        for (int n = 0; n < 20; n++)
        {
            var input = new Sequence<double>(text.Count, 1, 1, [.. text.Select(token => (double)token)]);
            double[] logits = network.Forward(input).Step(text.Count - 1).ToArray();
            text.Add(Array.IndexOf(logits, logits.Max()));
        }

        Generate(network, SamplingOptions.Greedy, 20).Should().Equal(text.Skip(Prompt.Length));
    }

    [Fact]
    public void Generate_FromAState_GoesOnFromThere()
    {
        Network<double> network = CreateNetwork();
        LayerState<double> state = network.CreateState(1);
        foreach (int token in Prompt[..2])
        {
            network.Step([token], state, new double[Tokens]);
        }

        double[] before = Bits.Of(state);

        IEnumerable<int> rest = new TokenGenerator<double>(network).Generate(Prompt[2..], seed: 4, state: state);

        rest.Take(30).Should().Equal(Generate(network, new SamplingOptions(), 30, seed: 4));
        Bits.Of(state).Should().Equal(before, "the caller's state is read and not changed");
    }

    [Fact]
    public void Generate_StateChangedAfterwards_DoesNotMatter()
    {
        Network<double> network = CreateNetwork();
        LayerState<double> state = Draw.State(new Random(3), network, 1);
        IEnumerable<int> tokens = new TokenGenerator<double>(network).Generate(Prompt, state: state);
        int[] first = [.. tokens.Take(30)];

        state.Reset();

        tokens.Take(30).Should().Equal(first);
        Generate(network, new SamplingOptions(), 30).Should().NotEqual(first, "the state mattered when it was given");
    }

    [Fact]
    public void Generate_SeveralEnumerationsAtOnce_AreIndependent()
    {
        IEnumerable<int> tokens = new TokenGenerator<double>(CreateNetwork()).Generate(Prompt, seed: 8);
        int[] expected = [.. tokens.Take(40)];
        using IEnumerator<int> one = tokens.GetEnumerator();
        using IEnumerator<int> other = tokens.GetEnumerator();

        for (int n = 0; n < 40; n++)
        {
            one.MoveNext().Should().BeTrue();
            one.Current.Should().Be(expected[n]);
            if (n % 2 == 0)
            {
                other.MoveNext().Should().BeTrue();
                other.Current.Should().Be(expected[n / 2]);
            }
        }
    }

    [Fact]
    public void Generate_ManyThreads_GiveWhatEachGivesAlone()
    {
        var generator = new TokenGenerator<double>(CreateNetwork());
        int[][] alone = [.. Enumerable.Range(0, 8).Select(seed => generator.Generate(Prompt, seed: seed).Take(100).ToArray())];
        int[][] together = new int[8][];

        Parallel.For(0, 8, seed => together[seed] = [.. generator.Generate(Prompt, seed: seed).Take(100)]);

        together.Should().BeEquivalentTo(alone, options => options.WithStrictOrdering());
        alone.Select(tokens => string.Join(' ', tokens)).Should().OnlyHaveUniqueItems("each seed has its own");
    }

    [Fact]
    public void Generate_SourceOfRandomness_IsDrawnFromOnceForEachCall()
    {
        var generator = new TokenGenerator<double>(CreateNetwork());
        var random = new Random(6);
        int[] first = [.. generator.Generate(Prompt, new SamplingOptions(), random).Take(40)];
        int[] second = [.. generator.Generate(Prompt, new SamplingOptions(), random).Take(40)];

        var again = new Random(6);
        generator.Generate(Prompt, new SamplingOptions(), again).Take(40).Should().Equal(first);
        second.Should().NotEqual(first);
        again.Next();
        random.Next().Should().Be(again.Next());
    }

    [Fact]
    public void Generate_TokensNotAskedFor_AreNotComputed()
    {
        var layer = new Successor();

        IEnumerable<int> tokens = new TokenGenerator<double>(layer).Generate(Prompt, SamplingOptions.Greedy);

        layer.StepsTaken.Should().Be(4, "the prompt has been run");
        tokens.Take(1).Should().Equal(4);
        layer.StepsTaken.Should().Be(4, "the prompt's logits give the first token");
        tokens.Take(3).ToArray().Should().Equal(4, 5, 6);
        layer.StepsTaken.Should().Be(6);
    }

    [Fact]
    public void Generate_OnceWarm_AllocatesNothingForAToken()
    {
        IEnumerable<int> tokens = new TokenGenerator<double>(new Successor()).Generate(Prompt);
        using IEnumerator<int> enumerator = tokens.GetEnumerator();
        enumerator.MoveNext();
        enumerator.MoveNext();

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int n = 0; n < 100; n++)
        {
            enumerator.MoveNext();
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().Be(0);
    }

    [Fact]
    public void Generate_NetworkGivesNaN_IsReportedWhenTheTokenIsAskedFor()
    {
        Network<double> network = CreateNetwork();
        network.Parameters[^1].Values[2] = double.NaN;
        IEnumerable<int> tokens = new TokenGenerator<double>(network).Generate(Prompt);

        Refusal.Of<ArgumentException>(() => tokens.First(), "logits", "element 2 is NaN");
    }

    [Fact]
    public void ToString_Any_NamesTheNetwork() =>
        new TokenGenerator<float>(new OneHotLayer<float>(3)).ToString()
            .Should().Be("TokenGenerator<Single> over OneHotLayer<Single> 1 → 3, 0 parameters");

    [Fact]
    public void BadArguments_AreRefusedBeforeAnyEnumeration()
    {
        Refusal.Of<ArgumentNullException>(() => new TokenGenerator<double>(null!), "network");
        Refusal.Of<ArgumentException>(() => new TokenGenerator<double>(new DenseLayer<double>(2, 3)), "network", "2 → 3");

        Network<double> network = CreateNetwork();
        var generator = new TokenGenerator<double>(network);
        var random = new Random(1);
        SamplingOptions options = new();
        Refusal.Of<ArgumentNullException>(() => generator.Generate(null!), "prompt");
        Refusal.Of<ArgumentException>(() => generator.Generate([], options, random), "prompt", "empty");
        Refusal.Of<ArgumentOutOfRangeException>(() => generator.Generate([0, 7], options, random), "prompt", "element 1 is 7");
        Refusal.Of<ArgumentOutOfRangeException>(() => generator.Generate([-1]), "prompt", "from 0 to 6", "-1");
        Refusal.Of<ArgumentNullException>(() => generator.Generate(Prompt, options, random: null!), "random");
        Refusal.Of<ArgumentException>(
            () => generator.Generate(Prompt, options, random, network.CreateState(2)), "state", "one sequence");
        Refusal.Of<ArgumentException>(
            () => generator.Generate(Prompt, options, random, new LstmState<double>(5, 1)), "state", "CompositeState");
        random.Next().Should().Be(new Random(1).Next(), "a refused call draws nothing");
    }

    private static int[] Generate(Network<double> network, SamplingOptions options, int count, int seed = 0) =>
        [.. new TokenGenerator<double>(network).Generate(Prompt, options, seed).Take(count)];

    /// <summary>Untrained, with weights large enough for what came before to matter to what comes next.</summary>
    private static Network<double> CreateNetwork()
    {
        var random = new Random(12);
        var network = new Network<double>(
            new OneHotLayer<double>(Tokens),
            new LstmLayer<double>(Tokens, 5, random),
            new DenseLayer<double>(5, Tokens, random));
        foreach (Parameter<double> parameter in network.Parameters)
        {
            Draw.Fill(random, parameter.Values, 2);
        }

        return network;
    }

    /// <summary>Holds the token after the given one for by far the most likely, and counts its steps.</summary>
    private sealed class Successor() : Layer<double>(1, Tokens)
    {
        public int StepsTaken { get; private set; }

        protected internal override void InferCore(
            ReadOnlySpan<double> input, Span<double> output, int steps, LayerState<double> state, StepMask? mask)
        {
            StepsTaken += steps;
            output.Clear();
            output[((int)input[0] + 1) % Tokens] = 100;
        }

        protected override void ForwardCore(
            Sequence<double> input, LayerState<double>? initialState, Sequence<double> output, LayerState<double> finalState) =>
            throw new NotSupportedException();

        protected override void BackwardCore(
            Sequence<double> input,
            Sequence<double> output,
            Sequence<double> outputGradient,
            LayerState<double>? finalStateGradient,
            Sequence<double> inputGradient,
            LayerState<double> initialStateGradient) =>
            throw new NotSupportedException();
    }
}
