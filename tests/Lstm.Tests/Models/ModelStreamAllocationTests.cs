using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Models;

[Collection(AloneCollection.Name)]
public class ModelStreamAllocationTests
{
    [Fact]
    public void Step_Warm_AllocatesNothing()
    {
        Network<float> model = ModelStreamTests.Create<float>("stack");
        ModelStream<float>[] streams = [.. Enumerable.Range(0, 150).Select(_ => model.OpenStream())];
        float[] inputs = new float[150];
        float[] outputs = new float[150 * model.Outputs];
        Allocations.Of(() => streams[0].Step(inputs.AsSpan(0, 1))).Should().Be(0);
        Allocations.Of(() =>
        {
            model.Streams.Step(streams, inputs, outputs);
            model.Streams.Step(streams.AsSpan(3, 5), inputs.AsSpan(0, 5), outputs.AsSpan(0, 5 * model.Outputs));
            streams[7].Reset();
        }).Should().Be(0);
    }
}
