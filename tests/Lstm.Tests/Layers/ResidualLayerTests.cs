using Lstm.Layers;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

public class ResidualLayerTests
{
    [Fact]
    public void Train_RandomShapes_AddsTheInput() => Property.ForAllShapes(shape =>
    {
        var given = new LstmCase<double>(shape with { Inputs = shape.Units });
        var layer = new ResidualLayer<double>(given.Layer);
        Sequence<double> output = layer.Forward(given.Input, given.InitialState).Clone();
        Sequence<double> inputGradient = layer.Backward(given.OutputGradient, given.FinalStateGradient).Clone();
        double[] gradients = Bits.OfGradients(layer);
        layer.ZeroGradient();

        Sequence<double> inner = given.Layer.Forward(given.Input, given.InitialState);
        Close.To(output.ToColumns(), inner.ToColumns() + given.Input.ToColumns(), "output");
        Sequence<double> gradient = given.Layer.Backward(given.OutputGradient, given.FinalStateGradient);
        Close.To(inputGradient.ToColumns(), gradient.ToColumns() + given.OutputGradient.ToColumns(), "input gradient");
        Bits.OfGradients(layer).Should().Equal(gradients);
    });

    [Fact]
    public void Constructor_BadLayer_IsRefused()
    {
        Refusal.Of<ArgumentNullException>(() => new ResidualLayer<float>(null!), "inner");
        Refusal.Of<ArgumentException>(
            () => new ResidualLayer<float>(new LstmLayer<float>(3, 4)), "inner", "as many outputs as inputs", "3 → 4");
        Refusal.Of<ArgumentException>(
            () => new ResidualLayer<float>(new LastStepLayer<float>(3)), "inner", "every step", "LastStepLayer");
    }
}
