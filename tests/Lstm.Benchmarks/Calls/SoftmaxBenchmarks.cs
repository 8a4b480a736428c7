using BenchmarkDotNet.Attributes;
using Lstm.Losses;

namespace Lstm.Benchmarks.Calls;

/// <summary>Softmax cross-entropy and its gradient over 10,000 words, for 35 steps of 20 sequences, in float.</summary>
[MemoryDiagnoser]
public class SoftmaxBenchmarks
{
    private const int Steps = 35;
    private const int Batch = 20;
    private const int Words = 10_000;

    private readonly Sequence<float> _logits = new(Steps, Batch, Words);
    private readonly int[] _classes = new int[Steps * Batch];
    private readonly SoftmaxCrossEntropy<float> _loss = new();

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(1);
        foreach (ref float logit in _logits.Values)
        {
            logit = (random.NextSingle() * 10) - 5;
        }

        for (int n = 0; n < _classes.Length; n++)
        {
            _classes[n] = random.Next(Words);
        }
    }

    [Benchmark]
    public float Evaluate() => _loss.Evaluate(_logits, _classes);
}
