using Lstm.Layers;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>Once warm, layers around layers allocate nothing of their own either.</summary>
[Collection(AloneCollection.Name)]
public class CompositionAllocationTests
{
    public static TheoryData<string> Kinds => CompositionTests.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void TrainAndInfer_Warm_AllocatesNothing(string kind)
    {
        foreach (int threads in new[] { 1, 2 })
        {
            Layer<float> layer = CompositionTests.Create<float>(kind, 9, 64);
            layer.Threads = threads;
            Sequence<float> input = Draw.Sequence<float>(new Random(1), 5, 20, 9);
            LayerState<float> state = layer.CreateState(20);
            Sequence<float> output = layer.Forward(input).Clone();
            StepMask mask = Masks.Draw(new Random(2), 5, 20, gaps: true);

            Allocations.Of(() =>
            {
                layer.ZeroGradient();
                layer.Forward(input, state);
                layer.Backward(output, state);
                layer.Forward(input);
                layer.Backward(output);
                input.Mask = mask;
                layer.Forward(input);
                layer.Backward(output);
                layer.Infer(input, output, state);
                input.Mask = null;
            }).Should().Be(0);
            Allocations.Of(() => layer.Infer(input, output, state)).Should().Be(0);
            Allocations.Of(() => layer.Infer(input, output)).Should().Be(0);
            if (layer.IsCausal)
            {
                Allocations.Of(() => layer.Step(input.Step(0), state, output.Step(0))).Should().Be(0);
            }
        }
    }

    [Fact]
    public void Train_BatchesInTurn_AllocatesNothing()
    {
        var layer = new StatefulLayer<float>(
            new ResidualLayer<float>(new LstmLayer<float>(5, 5)));
        Sequence<float>[] inputs = [.. new[] { 1, 9, 4 }.Select(batch => new Sequence<float>(2 + batch, batch, 5))];
        Allocations.Of(() =>
        {
            foreach (Sequence<float> input in inputs)
            {
                layer.Reset();
                layer.Backward(layer.Forward(input));
            }
        }).Should().Be(0);
    }
}
