using BenchmarkDotNet.Attributes;
using Lstm.Benchmarks.Measuring;

namespace Lstm.Benchmarks.Calls;

/// <summary>One step of one stream, as many inputs as hidden units, in float.</summary>
[MemoryDiagnoser]
public class StepBenchmarks
{
    private LstmWork _work = null!;

    [Params(64, 256, 512)]
    public int HiddenUnits { get; set; }

    [GlobalSetup]
    public void Setup() => _work = LstmWork.Create(typeof(float), Shape.Step(HiddenUnits), threads: 1);

    [Benchmark(OperationsPerInvoke = LstmWork.StreamSteps)]
    public void Step() => _work.Stream();
}
