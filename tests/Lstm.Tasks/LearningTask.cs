using Lstm.Layers;
using Lstm.Models;

namespace Lstm.Tasks;

/// <summary>A task of the literature: sequences without end, and a criterion by which they are learnt.</summary>
/// <param name="inputs">The numbers at each step of a sequence.</param>
/// <param name="outputs">The numbers that the network gives.</param>
/// <param name="options">The network, and how it learns.</param>
public abstract class LearningTask(int inputs, int outputs, LearnerOptions options)
{
    /// <summary>All of them, with the settings of docs/tasks.md.</summary>
    public static IReadOnlyList<LearningTask> All { get; } =
    [
        new EmbeddedReberTask(),
        new AddingTask(),
        TemporalOrderTask.OfTwo(),
        TemporalOrderTask.OfThree(),
        new ContinualReberTask(),
    ];

    /// <summary>What the command line and the table call it.</summary>
    public abstract string Name { get; }

    /// <summary>What the paper reports, in words.</summary>
    public abstract string Published { get; }

    /// <summary>The number of sequences that the paper reports, which the median of the seeds must not exceed.</summary>
    public abstract int PublishedSequences { get; }

    /// <summary>The sequences to test with when the criterion holds, or by which it does.</summary>
    public abstract int TestSequences { get; }

    /// <summary>The network, and how it learns.</summary>
    public LearnerOptions Options { get; } = options;

    /// <summary>Whether the network gives its answer at the end, or one at each step.</summary>
    protected virtual bool AnswersAtTheEnd => false;

    /// <summary>Makes a network that has learnt nothing: one LSTM layer and one dense layer.</summary>
    /// <param name="random">The weights follow from it.</param>
    /// <returns>The network.</returns>
    public Network<float> CreateNetwork(Random random)
    {
        int hidden = Options.HiddenUnits;
        var memory = new LstmLayer<float>(inputs, hidden, random, new LstmOptions { ForgetBias = Options.ForgetBias });
        memory.Bias.Values.Slice(0, hidden).Fill((float)Options.InputBias);
        var head = new DenseLayer<float>(hidden, outputs, random);
        Layer<float>[] layers = AnswersAtTheEnd ? [memory, new LastStepLayer<float>(hidden), head] : [memory, head];

        // The seeds run side by side, each on one thread.
        return new Network<float>(layers) { Threads = 1 };
    }

    /// <summary>Makes a network, and shows it sequences until the criterion holds, or until there were too many.</summary>
    /// <param name="seed">The weights and the sequences follow from it.</param>
    /// <returns>What came of it.</returns>
    public abstract Trial Run(int seed);
}
