using Lstm.Layers;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

[Collection(AloneCollection.Name)]
public class RecurrentLayerAllocationTests
{
    [Theory]
    [InlineData("gru")]
    [InlineData("gru original")]
    [InlineData("rnn")]
    public void TrainAndInfer_Warm_AllocatesNothing(string kind)
    {
        RecurrentLayer<float> layer = RecurrentLayerTests.Create<float>(kind, 9, 20);
        layer.Threads = 2;
        Sequence<float> input = Draw.Sequence<float>(new Random(1), 5, 8, 9);
        StepMask mask = Masks.Draw(new Random(2), 5, 8, gaps: true);
        LayerState<float> state = layer.CreateState(8);
        Sequence<float> output = layer.Forward(input).Clone();
        Allocations.Of(() =>
        {
            for (int n = 0; n < 2; n++)
            {
                input.Mask = n == 0 ? null : mask;
                layer.ZeroGradient();
                layer.Forward(input, state);
                layer.Backward(output, state);
                layer.Infer(input, output, state);
            }

            layer.Step(input.Step(0), state, output.Step(0));
        }).Should().Be(0);
    }
}
