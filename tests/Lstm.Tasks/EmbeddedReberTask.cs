using Lstm.Losses;
using Lstm.Models;

namespace Lstm.Tasks;

/// <summary>
/// The embedded Reber grammar (Hochreiter and Schmidhuber 1997, experiment 1): the network reads a string and says at each
/// symbol which one comes next. It learns from 256 strings, one drawn at a time; learnt is the grammar when at every symbol
/// of those, and of 256 that it never learns from, all symbols that may follow have larger outputs than all that may not.
/// </summary>
/// <param name="options">The settings; those of docs/tasks.md if null.</param>
public sealed class EmbeddedReberTask(LearnerOptions? options = null)
    : LearningTask(ReberGrammar.Alphabet.Length, ReberGrammar.Alphabet.Length, options ?? Standard)
{
    /// <summary>The strings to learn from, and as many to test with.</summary>
    private const int Strings = 256;

    /// <summary>After so many sequences it is seen whether the criterion holds.</summary>
    private const int TestEvery = 100;

    private static readonly LearnerOptions Standard = new() { HiddenUnits = 8, MostSequences = 40_000 };

    /// <inheritdoc/>
    public override string Name => "embedded-reber";

    /// <inheritdoc/>
    public override string Published => "8,440 to 39,740, 97 to 100 %";

    /// <inheritdoc/>
    public override int PublishedSequences => 8_440;

    /// <inheritdoc/>
    public override int TestSequences => Strings;

    /// <summary>Draws the strings to learn from, and others to test with.</summary>
    /// <param name="random">The source of randomness.</param>
    /// <returns>Two lists; no string is in both.</returns>
    public static (IReadOnlyList<ReberString> Training, IReadOnlyList<ReberString> Test) Draw(Random random)
    {
        List<ReberString> training = [.. Enumerable.Range(0, Strings).Select(_ => ReberGrammar.Draw(random))];
        HashSet<string> known = [.. training.Select(item => item.Symbols)];
        List<ReberString> test = [];
        while (test.Count < Strings)
        {
            ReberString item = ReberGrammar.Draw(random);
            if (!known.Contains(item.Symbols))
            {
                test.Add(item);
            }
        }

        return (training, test);
    }

    /// <inheritdoc/>
    public override Trial Run(int seed)
    {
        var random = new Random(seed);
        (IReadOnlyList<ReberString> training, IReadOnlyList<ReberString> test) = Draw(random);
        List<(Sequence<float> Input, Sequence<float> Target)> examples = [.. training.Select(Encode)];
        Network<float> network = CreateNetwork(random);
        var learner = new Learner(network, new SoftmaxCrossEntropy<float>(), Options);
        long steps = 0;
        for (int n = 1; n <= Options.MostSequences; n++)
        {
            (Sequence<float> input, Sequence<float> target) = examples[random.Next(Strings)];
            steps += input.Steps;
            learner.Learn(input, target);
            if (n % TestEvery == 0 && training.Concat(test).All(item => IsRight(network, item)))
            {
                return new Trial(n, steps);
            }
        }

        return new Trial(null, steps);
    }

    /// <summary>Makes of a string what the network reads, all symbols but the last, and what it learns to say, all but the first.</summary>
    /// <param name="item">The string.</param>
    /// <returns>T × 1 × 7 both, a 1 at each step.</returns>
    public static (Sequence<float> Input, Sequence<float> Target) Encode(ReberString item)
    {
        ArgumentNullException.ThrowIfNull(item);
        int steps = item.Symbols.Length - 1;
        var input = new Sequence<float>(steps, 1, ReberGrammar.Alphabet.Length);
        var target = new Sequence<float>(steps, 1, ReberGrammar.Alphabet.Length);
        for (int t = 0; t < steps; t++)
        {
            ReberGrammar.Encode(item.Symbols.AsSpan(t, 1), input.Step(t));
            ReberGrammar.Encode(item.Symbols.AsSpan(t + 1, 1), target.Step(t));
        }

        return (input, target);
    }

    /// <summary>Whether all symbols that may follow have larger outputs than all others.</summary>
    /// <param name="output">A number for each symbol.</param>
    /// <param name="followers">The symbols that may follow.</param>
    /// <returns>Whether they have.</returns>
    public static bool IsRight(ReadOnlySpan<float> output, string followers)
    {
        ArgumentNullException.ThrowIfNull(followers);
        float least = float.PositiveInfinity;
        float most = float.NegativeInfinity;
        for (int n = 0; n < output.Length; n++)
        {
            if (followers.Contains(ReberGrammar.Alphabet[n], StringComparison.Ordinal))
            {
                least = Math.Min(least, output[n]);
            }
            else
            {
                most = Math.Max(most, output[n]);
            }
        }

        return least > most;
    }

    private static bool IsRight(Network<float> network, ReberString item)
    {
        Sequence<float> output = network.Infer(Encode(item).Input);
        for (int t = 0; t < output.Steps; t++)
        {
            if (!IsRight(output.Step(t), item.Followers[t]))
            {
                return false;
            }
        }

        return true;
    }
}
