using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>Once warm, neither training nor inference allocates.</summary>
[Collection(AloneCollection.Name)]
public class LayerAllocationTests
{
    public static TheoryData<int, int, int> Cases => new()
    {
        { 1, 1, 5 },
        { 1, 20, 64 },
        { 2, 1, 5 },
        { 2, 1, 200 },
        { 2, 20, 64 },
        { 2, 64, 100 },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Train_WarmLstm_AllocatesNothing(int threads, int batch, int units)
    {
        var given = new LstmCase<float>(new Shape(5, batch, 9, units, 1));
        given.Layer.Threads = threads;
        Allocations.Of(() =>
        {
            given.Layer.ZeroGradient();
            given.Train();
        }).Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Infer_WarmLstm_AllocatesNothing(int threads, int batch, int units)
    {
        var given = new LstmCase<float>(new Shape(5, batch, 9, units, 1));
        given.Layer.Threads = threads;
        var output = new Sequence<float>(5, batch, units);
        Allocations.Of(() => given.Layer.Infer(given.Input, output, given.InitialState)).Should().Be(0);
        Allocations.Of(() => given.Layer.Infer(given.Input, output)).Should().Be(0);
        Allocations.Of(() => given.Layer.Step(given.Input.Step(0), given.InitialState, output.Step(0))).Should().Be(0);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void TrainAndInfer_WarmLstmWithOptions_AllocatesNothing(int threads, int batch, int units)
    {
        var random = new Random(1);
        foreach (int? lookBack in new int?[] { null, 2 })
        {
            LstmLayer<float> layer = new(9, units, random, LstmOptionCases.Random(random, units, true) with { LookBack = lookBack })
            {
                Threads = threads,
            };
            Sequence<float> input = Draw.Sequence<float>(random, 5, batch, 9);
            input.Mask = Masks.Draw(random, 5, batch, gaps: true);
            Sequence<float> gradient = Draw.Sequence<float>(random, 5, batch, layer.Outputs);
            var output = new Sequence<float>(5, batch, layer.Outputs);
            LayerState<float> state = layer.CreateState(batch);
            Allocations.Of(() =>
            {
                layer.Forward(input);
                layer.Backward(gradient);
            }).Should().Be(0);
            Allocations.Of(() => layer.Infer(input, output)).Should().Be(0);
            Allocations.Of(() => layer.Step(input.Step(0), state, output.Step(0))).Should().Be(0);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TrainAndInfer_WarmNetwork_AllocatesNothing(int threads)
    {
        var network = new Network<float>(
            new OneHotLayer<float>(6), new LstmLayer<float>(6, 40), new LstmLayer<float>(40, 30), new DenseLayer<float>(30, 6))
        {
            Threads = threads,
        };
        var input = new Sequence<float>(7, 20, 1, [.. Enumerable.Range(0, 140).Select(n => (float)(n * n % 6))]);
        Sequence<float> gradient = Draw.Sequence<float>(new Random(1), 7, 20, 6);
        var output = new Sequence<float>(7, 20, 6);
        LayerState<float> state = network.CreateState(20);

        Allocations.Of(() =>
        {
            network.ZeroGradient();
            network.Forward(input, state);
            network.Backward(gradient, state);
        }).Should().Be(0);
        Allocations.Of(() => network.Infer(input, output, state)).Should().Be(0);
        Allocations.Of(() => network.Infer(input, output)).Should().Be(0);
        Allocations.Of(() => network.Step(input.Step(0), state, output.Step(0))).Should().Be(0);
    }

    [Fact]
    public void Train_ShapesInTurn_AllocatesNothing()
    {
        LstmCase<float>[] cases =
            [.. new[] { 1, 9, 4 }.Select(batch => new LstmCase<float>(new Shape(2 + batch, batch, 5, 6, 1)))];
        LstmLayer<float> layer = cases[0].Layer;
        Allocations.Of(() =>
        {
            foreach (LstmCase<float> given in cases)
            {
                layer.Forward(given.Input, given.InitialState);
                layer.Backward(given.OutputGradient, given.FinalStateGradient);
            }
        }).Should().Be(0);
    }

    [Fact]
    public void Infer_ShapesInTurn_AllocatesNothing()
    {
        LstmCase<float>[] cases =
            [.. new[] { 1, 9, 4 }.Select(batch => new LstmCase<float>(new Shape(2 + batch, batch, 5, 6, 1)))];
        LstmLayer<float> layer = cases[0].Layer;
        Allocations.Of(() =>
        {
            foreach (LstmCase<float> given in cases)
            {
                layer.Infer(given.Input, given.OutputGradient);
            }
        }).Should().Be(0);
    }
}
