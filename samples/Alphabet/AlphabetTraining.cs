using System.Diagnostics;
using Lstm.Data;
using Lstm.Layers;
using Lstm.Losses;
using Lstm.Models;
using Lstm.Optimizers;

namespace Alphabet;

/// <summary>A model of characters that learns a text which repeats itself.</summary>
public sealed class AlphabetTraining
{
    private const int Repetitions = 7;
    private const int ReportEvery = 10;

    /// <summary>The gradients of all parameters together are no longer than this.</summary>
    private const double MaximumNorm = 1;

    private readonly AlphabetOptions _options;
    private readonly TextWriter _output;
    private readonly Vocabulary _vocabulary;
    private readonly int[] _cycle;
    private readonly Network<float> _network;

    public AlphabetTraining(AlphabetOptions options, TextWriter output)
    {
        (_options, _output) = (options, output);
        _vocabulary = Vocabulary.OfCharacters(options.Text);
        _cycle = _vocabulary.Encode(options.Text);
        var random = new Random(options.Seed);
        _network = new Network<float>(
            new OneHotLayer<float>(_vocabulary.Count),
            new LstmLayer<float>(_vocabulary.Count, options.Hidden, random),
            new DenseLayer<float>(options.Hidden, _vocabulary.Count, random))
        {
            Threads = options.Threads,
        };
    }

    /// <summary>Trains until the loss is small enough or the epochs are over.</summary>
    /// <exception cref="ArithmeticException">The loss or a gradient became NaN or infinite.</exception>
    public void Train()
    {
        int[] text = [.. Enumerable.Repeat(_cycle, Repetitions).SelectMany(token => token)];
        TokenBatch<float> windows = TokenWindows.Cut<float>(text, _options.Window);
        var loss = new SoftmaxCrossEntropy<float>();
        var optimizer = new SgdOptimizer<float>(
            new SgdOptions { LearningRate = _options.LearningRate, Momentum = _options.Momentum });
        _output.WriteLine(_network);
        _output.WriteLine(windows);
        _output.WriteLine(optimizer);

        var clock = Stopwatch.StartNew();
        double current = double.PositiveInfinity;
        for (int epoch = 1; epoch <= _options.Epochs && current > _options.TargetLoss; epoch++)
        {
            try
            {
                _network.ZeroGradient();
                current = loss.Evaluate(_network.Forward(windows.Inputs), windows.Targets, windows.Weights);
                _network.Backward(loss.Gradient);
                GradientClipping.ByGlobalNorm(_network.Parameters, MaximumNorm);
                optimizer.Step(_network.Parameters);
            }
            catch (ArithmeticException exception)
            {
                throw new ArithmeticException($"Epoch {epoch}: {exception.Message}", exception);
            }

            if (epoch == 1 || epoch % ReportEvery == 0 || current <= _options.TargetLoss)
            {
                _output.WriteLine($"epoch {epoch,4}   loss {current:F4}   {clock.Elapsed.TotalSeconds:F2} s");
            }
        }
    }

    /// <summary>Continues the first character of the text, and says which characters are right.</summary>
    /// <returns>Whether all are.</returns>
    public bool Continue()
    {
        int[] prompt = _cycle[..1];
        int[] expected = [.. Enumerable.Range(1, _options.Length).Select(n => _cycle[n % _cycle.Length])];
        int[] actual = [.. new TokenGenerator<float>(_network).Generate(prompt, SamplingOptions.Greedy).Take(_options.Length)];
        bool[] right = [.. actual.Zip(expected, (one, other) => one == other)];

        _output.WriteLine($"'{_vocabulary.Decode(prompt)}' goes on with these {_options.Length} characters:");
        _output.WriteLine(_vocabulary.Decode(actual));
        int wrong = Array.IndexOf(right, false);
        if (wrong < 0)
        {
            _output.WriteLine("Every one of them is right.");
            return true;
        }

        _output.WriteLine(string.Concat(right.Select(isRight => isRight ? ' ' : '^')));
        _output.WriteLine(
            $"{right.Count(isRight => !isRight)} are wrong, the first at {wrong + 1}: "
            + $"'{_vocabulary[expected[wrong]]}' comes there, not '{_vocabulary[actual[wrong]]}'.");
        return false;
    }
}
