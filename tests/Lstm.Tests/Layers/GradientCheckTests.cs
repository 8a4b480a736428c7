using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

/// <summary>The check itself, on a layer as a user would write it.</summary>
public class GradientCheckTests
{
    /// <summary>
    /// What a right gradient must stay below for the default tolerance of 1e-6 to be no matter of luck. The layer is a
    /// polynomial of low degree, of which the five points give the exact derivative but for rounding.
    /// </summary>
    private const double RightGradient = 1e-8;

    private readonly Random _random = new(1);

    [Fact]
    public void Run_RightGradients_Passes()
    {
        (DecayLayer layer, Sequence<double> input, LayerState<double> state) = Case();

        GradientReport report = GradientCheck.Run(layer, input, state);

        report.Passed.Should().BeTrue(report.ToString());
        report.Worst.RelativeError.Should().BeLessThan(RightGradient);
        report.WorstByName.Select(worst => worst.Name).Should().Equal("Decay", "input", "initial Sum");
        report.Elements.Should().Be(3 + (4 * 2 * 3) + (2 * 3));
        report.Tolerance.Should().Be(1e-6);
    }

    [Theory]
    [InlineData("Decay", new[] { 2, 0 })]
    [InlineData("input", new[] { 3, 1, 2 })]
    [InlineData("initial Sum", new[] { 2, 1 })]
    public void Run_OneWrongElement_IsNamedWithBothValues(string name, int[] index)
    {
        (DecayLayer layer, Sequence<double> input, LayerState<double> state) = Case();
        layer.Planted = (name, 1e-3);

        GradientReport report = GradientCheck.Run(layer, input, state);

        report.Passed.Should().BeFalse();
        report.Worst.Name.Should().Be(name);
        report.Worst.Index.Should().Equal(index);
        (report.Worst.Analytic - report.Worst.Numeric).Should().BeApproximately(1e-3, 1e-9);
        report.Worst.RelativeError.Should().BeApproximately(
            1e-3 / Math.Max(Math.Abs(report.Worst.Analytic), Math.Abs(report.Worst.Numeric)), 1e-6);
        report.WorstByName.Where(worst => worst.Name != name).Should().OnlyContain(worst => worst.RelativeError < RightGradient);
        report.ToString().Should().Contain("Failed").And.Contain($"FAILED  {name}[{string.Join(", ", index)}]");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.NegativeInfinity)]
    public void Run_GradientThatIsNoNumber_Fails(double error)
    {
        (DecayLayer layer, Sequence<double> input, LayerState<double> state) = Case();
        layer.Planted = ("input", error);

        GradientReport report = GradientCheck.Run(layer, input, state);

        report.Passed.Should().BeFalse();
        report.Worst.RelativeError.Should().Be(double.PositiveInfinity);
        report.Worst.Index.Should().Equal(3, 1, 2);
    }

    [Fact]
    public void Run_Any_LeavesParametersGradientsInputAndStateAsTheyWere()
    {
        (DecayLayer layer, Sequence<double> input, LayerState<double> state) = Case();
        Draw.Fill(_random, layer.Parameters[0].Gradients);
        double[][] Everything() => [Bits.OfValues(layer), Bits.OfGradients(layer), input.Values.ToArray(), Bits.Of(state)];
        double[][] before = Everything();

        GradientCheck.Run(layer, input, state);

        Everything().Should().BeEquivalentTo(before, options => options.WithStrictOrdering());
    }

    [Fact]
    public void Run_LayerRefusesAPass_LeavesTheParametersAsTheyWere()
    {
        // Only the input is moved off its whole numbers, after the parameters have been checked.
        var network = new Network<double>(new OneHotLayer<double>(3), new DenseLayer<double>(3, 2));
        double[] before = Bits.OfValues(network);
        double[] gradients = Bits.OfGradients(network);
        var input = new Sequence<double>(2, 1, 1, [0, 2]);

        Refusal.Of<ArgumentOutOfRangeException>(() => GradientCheck.Run(network, input), "input", "whole numbers");

        Bits.OfValues(network).Should().Equal(before);
        Bits.OfGradients(network).Should().Equal(gradients);
        input.Values.ToArray().Should().Equal(0, 2);
    }

    [Fact]
    public void Run_StateOfTheLayerItself_IsWhereItStarts()
    {
        (DecayLayer layer, Sequence<double> input, LayerState<double> state) = Case();
        GradientReport expected = GradientCheck.Run(layer, input, state);
        layer.FinalState.CopyFrom(state);

        GradientReport report = GradientCheck.Run(layer, input, layer.FinalState);

        report.ToString().Should().Be(expected.ToString());
    }

    [Fact]
    public void Run_NoState_StartsFromZeros()
    {
        (DecayLayer layer, Sequence<double> input, LayerState<double> state) = Case();
        state.Reset();
        GradientCheck.Run(layer, input).ToString().Should().Be(GradientCheck.Run(layer, input, state).ToString());
    }

    [Fact]
    public void Run_InputLeftOut_ChecksTheRest()
    {
        (DecayLayer layer, Sequence<double> input, LayerState<double> state) = Case();
        layer.Planted = ("input", 1);

        GradientReport report = GradientCheck.Run(layer, input, state, new GradientCheckOptions { CheckInput = false });

        report.Passed.Should().BeTrue(report.ToString());
        report.WorstByName.Select(worst => worst.Name).Should().Equal("Decay", "initial Sum");
    }

    [Fact]
    public void Run_FewElements_ChecksThatManyOfEach()
    {
        (DecayLayer layer, Sequence<double> input, LayerState<double> state) = Case();
        GradientReport report = GradientCheck.Run(layer, input, state, new GradientCheckOptions { MaximumElements = 4 });
        report.Elements.Should().Be(3 + 4 + 4);
    }

    [Fact]
    public void Run_FewElementsOfManySeeds_ComesUponEachOne()
    {
        (DecayLayer layer, Sequence<double> input, LayerState<double> state) = Case();
        layer.Planted = ("input", 1);
        int found = Enumerable.Range(0, 200).Count(seed => !GradientCheck.Run(
            layer, input, state, new GradientCheckOptions { MaximumElements = 4, Seed = seed }).Passed);

        // 4 of 24 elements: 33 of 200 on average, with a standard deviation of 5.3.
        found.Should().BeInRange(10, 60);
    }

    [Fact]
    public void Run_SameSeed_GivesTheSameReport()
    {
        (DecayLayer layer, Sequence<double> input, LayerState<double> state) = Case();
        string Report(int seed) => GradientCheck.Run(layer, input, state, new GradientCheckOptions { Seed = seed }).ToString();
        Report(3).Should().Be(Report(3)).And.NotBe(Report(4));
    }

    [Fact]
    public void Run_ParametersOfOneName_AreToldApart()
    {
        var network = new Network<double>(new DenseLayer<double>(3, 2), new DenseLayer<double>(2, 2));
        GradientReport report = GradientCheck.Run(network, Draw.Sequence<double>(_random, 1, 2, 3));
        report.WorstByName.Select(worst => worst.Name).Should().Equal(
            "Weights (Parameters[0])", "Bias (Parameters[1])", "Weights (Parameters[2])", "Bias (Parameters[3])", "input");
    }

    [Fact]
    public void Run_Tolerance_Decides()
    {
        (DecayLayer layer, Sequence<double> input, LayerState<double> state) = Case();
        layer.Planted = ("Decay", 1e-3);
        GradientCheck.Run(layer, input, state, new GradientCheckOptions { Tolerance = 0.1 }).Passed.Should().BeTrue();
        GradientCheck.Run(layer, input, state, new GradientCheckOptions { Floor = 1e6 }).Passed.Should().BeTrue();
        GradientCheck.Run(layer, input, state, new GradientCheckOptions { Tolerance = 1e-5 }).Passed.Should().BeFalse();
    }

    [Fact]
    public void Run_LongerStep_IsLessExact()
    {
        var layer = new LstmLayer<double>(2, 3);
        Sequence<double> input = Draw.Sequence<double>(_random, 3, 2, 2);
        double Error(double step) =>
            GradientCheck.Run(layer, input, null, new GradientCheckOptions { Step = step }).Worst.RelativeError;
        Error(0.1).Should().BeGreaterThan(100 * Error(5e-4));
    }

    [Fact]
    public void Run_BadArgument_IsRefused()
    {
        (DecayLayer layer, Sequence<double> input, LayerState<double> state) = Case();
        Refusal.Of<ArgumentNullException>(() => GradientCheck.Run(null!, input), "layer");
        Refusal.Of<ArgumentNullException>(() => GradientCheck.Run(layer, null!), "input");
        Refusal.Of<ArgumentException>(
            () => GradientCheck.Run(layer, new Sequence<double>(4, 2, 5)), "input", "3 features", "5 features");
        Refusal.Of<ArgumentException>(
            () => GradientCheck.Run(layer, input, layer.CreateState(7)), "initialState", "3 × 2", "3 × 7");
        Refusal.Of<ArgumentException>(
            () => GradientCheck.Run(
                new OneHotLayer<double>(2), new Sequence<double>(1, 1, 1), null, new GradientCheckOptions { CheckInput = false }),
            "layer",
            "CheckInput");
    }

    [Fact]
    public void Options_OutOfRange_AreRefused()
    {
        foreach (double bad in new[] { 0, -1, double.NaN, double.PositiveInfinity })
        {
            Refusal.Of<ArgumentOutOfRangeException>(() => _ = new GradientCheckOptions { Step = bad }, "Step", $"{bad}");
            Refusal.Of<ArgumentOutOfRangeException>(() => _ = new GradientCheckOptions { Tolerance = bad }, "Tolerance", $"{bad}");
            Refusal.Of<ArgumentOutOfRangeException>(() => _ = new GradientCheckOptions { Floor = bad }, "Floor", $"{bad}");
        }

        Refusal.Of<ArgumentOutOfRangeException>(() => _ = new GradientCheckOptions { MaximumElements = 0 }, "MaximumElements", "at least 1");
    }

    private (DecayLayer Layer, Sequence<double> Input, LayerState<double> State) Case()
    {
        var layer = new DecayLayer(3);
        Draw.Parameters(_random, layer);
        return (layer, Draw.Sequence<double>(_random, 4, 2, 3), Draw.State(_random, layer, 2));
    }
}
