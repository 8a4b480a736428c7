using BenchmarkDotNet.Attributes;
using Lstm.Layers;
using Lstm.Losses;
using Lstm.Models;
using Lstm.Optimizers;

namespace Lstm.Benchmarks.Calls;

/// <summary>A training step of a model of characters, from tokens to changed weights, in float on one thread.</summary>
[MemoryDiagnoser]
public class TrainingBenchmarks
{
    private const int Steps = 50;
    private const int Batch = 20;
    private const int Characters = 65;
    private const double MaximumNorm = 5;

    private readonly Sequence<float> _tokens = new(Steps, Batch, 1);
    private readonly int[] _targets = new int[Steps * Batch];
    private readonly SoftmaxCrossEntropy<float> _loss = new();
    private readonly SgdOptimizer<float> _optimizer = new(new SgdOptions { Momentum = 0.9 });
    private Network<float> _network = null!;

    [Params(128, 512)]
    public int HiddenUnits { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        for (int n = 0; n < _targets.Length; n++)
        {
            _tokens.Values[n] = random.Next(Characters);
            _targets[n] = random.Next(Characters);
        }

        _network = new Network<float>(
            new OneHotLayer<float>(Characters),
            new LstmLayer<float>(Characters, HiddenUnits, seed: 1),
            new DenseLayer<float>(HiddenUnits, Characters, seed: 2))
        {
            Threads = 1,
        };
    }

    [Benchmark]
    public float TrainingStep()
    {
        _network.ZeroGradient();
        float loss = _loss.Evaluate(_network.Forward(_tokens), _targets);
        _network.Backward(_loss.Gradient);
        GradientClipping.ByGlobalNorm(_network.Parameters, MaximumNorm);
        _optimizer.Step(_network.Parameters);
        return loss;
    }
}
