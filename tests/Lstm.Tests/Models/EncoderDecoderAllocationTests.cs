using Lstm.Data;
using Lstm.Losses;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Models;

[Collection(AloneCollection.Name)]
public class EncoderDecoderAllocationTests
{
    [Fact]
    public void Forward_ShapesSeenBefore_AllocateNothing()
    {
        EncoderDecoder<float> network = new(5, 4, new() { EmbeddingSize = 3, HiddenUnits = 8 }) { Threads = 1 };
        PairBatch<float> batch = PairBatch<float>.Of([new([0, 2, 1], [1]), new([3, 1, 4], [2, 0])], network.Boundary);
        SoftmaxCrossEntropy<float> loss = new();

        Allocations.Of(() =>
        {
            loss.Evaluate(network.Forward(batch.Source, batch.Target), batch.Classes, batch.Weights);
            network.Backward(loss.Gradient);
        }).Should().Be(0);
    }
}
