using BenchmarkDotNet.Attributes;
using Lstm.Benchmarks.Measuring;

namespace Lstm.Benchmarks.Calls;

/// <summary>A whole pass of an LSTM layer on one thread, in float.</summary>
[MemoryDiagnoser]
public class LayerBenchmarks
{
    private LstmWork _work = null!;

    /// <summary>A small layer with one stream, a middling one and a large one with a batch.</summary>
    public static IEnumerable<Shape> Sizes => [new(64, 1, 64, 64), new(35, 20, 200, 200), new(25, 64, 512, 512)];

    [ParamsSource(nameof(Sizes))]
    public Shape Size { get; set; }

    [GlobalSetup]
    public void Setup() => _work = LstmWork.Create(typeof(float), Size, threads: 1);

    [Benchmark]
    public void Infer() => _work.Infer();

    [Benchmark]
    public void Forward() => _work.Forward();

    [Benchmark]
    public void ForwardAndBackward() => _work.Train();
}
