using Lstm.Data;
using Lstm.Metrics;

namespace Lstm.Tests.Data;

public class BatchSourceTests
{
    [Fact]
    public void ToString_EachSource_SaysWhatThereIsToLearnFrom()
    {
        Example<float>[] examples = [.. Enumerable.Range(1, 5).Select(steps => Example<float>.OfClass(new(steps, 1, 1), 0))];
        TokenPair[] pairs = [.. Enumerable.Range(1, 5).Select(_ => new TokenPair([1, 2], [3]))];

        new ExampleBatches<float>(examples, 2).ToString().Should().Be("ExampleBatches<Single> of 5 examples, 3 batches");
        new PairBatches<double>(pairs, batch: 2, boundary: 0).ToString().Should().Be("PairBatches<Double> of 5 pairs, 3 batches");
        new TokenStreams<float>(new int[41], steps: 10, batch: 2).ToString().Should().Be("TokenStreams<Single> of 41 tokens, 2 batches");
        pairs[0].ToString().Should().Be("TokenPair of 2 and 1 tokens");
        new FeatureScaling([0, 1], [1, 1]).ToString().Should().Be("FeatureScaling of 2 features");
        new AccuracyMetric<float>().ToString().Should().Be("accuracy");
    }
}
