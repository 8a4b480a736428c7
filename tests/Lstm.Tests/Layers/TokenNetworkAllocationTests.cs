using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>Once warm, a network of an embedding, dropout and tied weights does not allocate.</summary>
[Collection(AloneCollection.Name)]
public class TokenNetworkAllocationTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TrainAndInfer_WarmNetwork_AllocatesNothing(int threads)
    {
        var embedding = new EmbeddingLayer<float>(300, 30);
        var network = new Network<float>(
            embedding,
            new DropoutLayer<float>(30, 0.5),
            new LstmLayer<float>(30, 30),
            new DropoutLayer<float>(30, 0.5),
            new DenseLayer<float>(embedding))
        {
            Threads = threads,
        };
        var input = new Sequence<float>(7, 20, 1, [.. Enumerable.Range(0, 140).Select(n => (float)(n * n % 300))]);
        Sequence<float> gradient = Draw.Sequence<float>(new Random(1), 7, 20, 300);
        var output = new Sequence<float>(7, 20, 300);
        LayerState<float> state = network.CreateState(20);

        Allocations.Of(() =>
        {
            network.ZeroGradient();
            network.Forward(input, state);
            network.Backward(gradient, state);
        }).Should().Be(0);
        Allocations.Of(() => network.Infer(input, output, state)).Should().Be(0);
        Allocations.Of(() => network.Step(input.Step(0), state, output.Step(0))).Should().Be(0);
    }
}
