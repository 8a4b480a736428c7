using Lstm.Layers;
using Lstm.Losses;
using Lstm.Models;

namespace Lstm.Tasks;

/// <summary>
/// The continual embedded Reber grammar (Gers, Schmidhuber and Cummins 2000, section 4): strings of the grammar one after the
/// other in a stream, and nothing resets the network between them. A stream to learn from ends with the first wrong answer.
/// After each the network is tested, and the grammar is learnt when it answers ten streams of 100,000 symbols without a
/// mistake.
/// </summary>
/// <param name="options">The settings; those of docs/tasks.md if null.</param>
public sealed class ContinualReberTask(LearnerOptions? options = null)
    : LearningTask(ReberGrammar.Alphabet.Length, ReberGrammar.Alphabet.Length, options ?? Standard)
{
    /// <summary>The symbols of the longest streams.</summary>
    private const int Symbols = 100_000;

    /// <summary>An answer is right if no output is as far as this from what is wanted.</summary>
    private const float Tolerance = 0.49f;

    /// <summary>The network learns from so many symbols at a time.</summary>
    private const int Chunk = 25;

    private static readonly LearnerOptions Standard = new() { HiddenUnits = 8, MostSequences = 30_000 };

    /// <inheritdoc/>
    public override string Name => "continual-reber";

    /// <inheritdoc/>
    public override string Published => "14,087 streams, 62 %";

    /// <inheritdoc/>
    public override int PublishedSequences => 14_087;

    /// <inheritdoc/>
    public override int TestSequences => 10;

    /// <inheritdoc/>
    public override Trial Run(int seed)
    {
        var random = new Random(seed);
        int symbols = ReberGrammar.Alphabet.Length;
        Network<float> network = CreateNetwork(random);
        var stateful = new StatefulLayer<float>(network);
        var learner = new Learner(stateful, new BinaryCrossEntropy<float>(), Options);
        var input = new Sequence<float>(Chunk, 1, symbols);
        var target = new Sequence<float>(Chunk, 1, symbols);
        long steps = 0;
        for (int n = 1; n <= Options.MostSequences; n++)
        {
            stateful.Reset();
            var stream = new ReberStream(random);
            bool right = true;
            for (int start = 0; right && start < Symbols; start += Chunk)
            {
                for (int t = 0; t < Chunk; t++)
                {
                    Read(stream, input.Step(t), target.Step(t));
                }

                right = IsRight(learner.Learn(input, target).Values, target.Values);
                steps += Chunk;
            }

            if (IsLearnt(network, random.Next()))
            {
                return new Trial(n, steps);
            }
        }

        return new Trial(null, steps);
    }

    private static void Read(ReberStream stream, Span<float> input, Span<float> target)
    {
        (char symbol, string followers) = stream.Read();
        ReberGrammar.Encode([symbol], input);
        ReberGrammar.Encode(followers, target);
    }

    /// <summary>Whether each output is nearer than the tolerance to 1, of symbols that may follow, or 0, of the others.</summary>
    private static bool IsRight(ReadOnlySpan<float> logits, ReadOnlySpan<float> target)
    {
        for (int n = 0; n < logits.Length; n++)
        {
            float probability = 1 / (1 + MathF.Exp(-logits[n]));
            if (!(Math.Abs(probability - target[n]) < Tolerance))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the network answers all test streams without a mistake; it ends at the first.</summary>
    private bool IsLearnt(Network<float> network, int seed)
    {
        int symbols = ReberGrammar.Alphabet.Length;
        var random = new Random(seed);
        ReberStream[] streams = [.. Enumerable.Range(0, TestSequences).Select(_ => new ReberStream(random))];
        LayerState<float> state = network.CreateState(TestSequences);
        float[] input = new float[TestSequences * symbols];
        float[] target = new float[TestSequences * symbols];
        float[] output = new float[TestSequences * symbols];
        for (int t = 0; t < Symbols; t++)
        {
            for (int b = 0; b < TestSequences; b++)
            {
                Read(streams[b], input.AsSpan(b * symbols, symbols), target.AsSpan(b * symbols, symbols));
            }

            network.Step(input, state, output);
            if (!IsRight(output, target))
            {
                return false;
            }
        }

        return true;
    }
}
