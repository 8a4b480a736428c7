using BenchmarkDotNet.Attributes;
using Lstm.Layers;
using Lstm.Optimizers;

namespace Lstm.Benchmarks.Calls;

/// <summary>What follows a backward pass, for the three million weights of a layer of 650 units, in float.</summary>
[MemoryDiagnoser]
public class OptimizerBenchmarks
{
    private const int Units = 650;

    private readonly LstmLayer<float> _layer =
        new(Units, Units, options: new LstmOptions { RecurrentInitializer = Initializer.InverseRoot });

    private SgdOptimizer<float> _optimizer = null!;

    [Params(0.0, 0.9)]
    public double Momentum { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        // So small that the weights stay as they are however long it runs, but no number is subnormal.
        _optimizer = new SgdOptimizer<float>(new SgdOptions { LearningRate = 1e-30, Momentum = Momentum });
        foreach (Parameter<float> parameter in _layer.Parameters)
        {
            parameter.Gradients.Fill(0.01f);
        }
    }

    [Benchmark]
    public void Step() => _optimizer.Step(_layer.Parameters);

    /// <summary>The common case: the norm is computed, and is below the limit.</summary>
    [Benchmark]
    public double ClipByGlobalNorm() => GradientClipping.ByGlobalNorm(_layer.Parameters, 1e6);
}
