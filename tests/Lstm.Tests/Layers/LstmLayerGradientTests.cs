using Lstm.Layers;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>All gradients of the layer beside finite differences.</summary>
public class LstmLayerGradientTests
{
    [Theory]
    [InlineData(3, 2, 4, 5)]
    [InlineData(5, 3, 2, 3)]
    [InlineData(4, 2, 7, 9)]
    [InlineData(3, 9, 1, 2)]
    [InlineData(10, 2, 3, 6)]
    public void Backward_RandomWeights_EqualsFiniteDifferences(int steps, int batch, int inputs, int units)
    {
        var given = new LstmCase<double>(new Shape(steps, batch, inputs, units, 1));

        GradientReport report = GradientCheck.Run(given.Layer, given.Input, given.InitialState);

        report.Passed.Should().BeTrue(report.ToString());
        report.WorstByName.Select(worst => worst.Name).Should().Equal(
            "InputWeights", "RecurrentWeights", "Bias", "input", "initial Hidden", "initial Cell");
        report.Elements.Should().Be(
            given.Layer.ParameterCount + (steps * batch * inputs) + (2 * batch * units), "everything is checked");
    }

    [Fact]
    public void Backward_RandomShapes_EqualsFiniteDifferences() => Property.ForAllShapes(
        shape =>
        {
            var given = new LstmCase<double>(shape);
            var options = new GradientCheckOptions { Seed = shape.Seed, MaximumElements = 4 };
            GradientReport report = GradientCheck.Run(given.Layer, given.Input, given.InitialState, options);
            report.Passed.Should().BeTrue(report.ToString());
        },
        cases: 30);

    [Fact]
    public void Backward_SaturatedGates_EqualsFiniteDifferences()
    {
        var given = new LstmCase<double>(new Shape(4, 2, 3, 5, 1));
        foreach (Parameter<double> parameter in given.Layer.Parameters)
        {
            Draw.Fill(new Random(2), parameter.Values, 4);
        }

        GradientReport report = GradientCheck.Run(given.Layer, given.Input, given.InitialState);

        report.Passed.Should().BeTrue(report.ToString());
    }
}
