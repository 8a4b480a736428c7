using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

public class PoolLayerTests
{
    private readonly Random _random = new(1);

    [Theory]
    [InlineData(Pooling.Mean, new[] { 2.0, -4.0, 7.0, 3.0, 0.0, 0.0 })]
    [InlineData(Pooling.Maximum, new[] { 3.0, -2.0, 7.0, 3.0, 0.0, 0.0 })]
    public void Forward_SequencesOfDifferentLength_PoolsTheValidSteps(Pooling pooling, double[] expected)
    {
        var layer = new PoolLayer<double>(2, pooling);
        double[] values = [1, -2, 7, 3, 9, 9, 9, 9, 9, 9, 9, 9, 3, -6, 9, 9, 9, 9];
        var input = new Sequence<double>(3, 3, 2, values)
        {
            Mask = StepMask.FromValues(3, 3, [true, true, false, false, false, false, true, false, false]),
        };

        Sequence<double> output = layer.Forward(input);

        (output.Steps, output.Batch, output.Mask).Should().Be((1, 3, null));
        output.Values.ToArray().Should().Equal(expected);
        layer.Infer(input).Values.ToArray().Should().Equal(expected);
        layer.FinalState.Parts[1].Values.ToArray().Should().Equal(2, 1, 0);
    }

    [Theory]
    [InlineData(Pooling.Mean)]
    [InlineData(Pooling.Maximum)]
    public void Backward_WithAndWithoutMask_EqualsFiniteDifferences(Pooling pooling)
    {
        var network = new Network<double>(new LstmLayer<double>(3, 4), new PoolLayer<double>(4, pooling), new DenseLayer<double>(4, 2));
        Draw.Parameters(_random, network);
        Sequence<double> input = Draw.Sequence<double>(_random, 5, 4, 3);
        foreach (StepMask? mask in new[] { null, StepMask.FromLengths(5, 3, 5, 0, 1), Masks.Draw(_random, 5, 4, gaps: true) })
        {
            input.Mask = mask;
            foreach (LayerState<double>? state in new[] { null, Draw.State(_random, network, 4) })
            {
                GradientReport report = GradientCheck.Run(network, input, state);
                report.Passed.Should().BeTrue(report.ToString());
            }
        }
    }

    [Theory]
    [InlineData(Pooling.Mean)]
    [InlineData(Pooling.Maximum)]
    public void Step_EachInTurn_GivesWhatForwardGivesSoFar(Pooling pooling)
    {
        var layer = new PoolLayer<float>(3, pooling);
        Sequence<float> input = Draw.Sequence<float>(_random, 6, 2, 3, range: -1);
        LayerState<float> state = layer.CreateState(2);
        float[] output = new float[6];
        for (int t = 0; t < 6; t++)
        {
            layer.Step(input.Step(t), state, output);
            var soFar = Sequence<float>.FromMatrices([.. input.ToMatrices().Take(t + 1)]);
            output.Should().Equal(layer.Forward(soFar).Values.ToArray());
        }

        Bits.Of(state).Should().Equal(Bits.Of(layer.FinalState));
    }

    [Fact]
    public void Maximum_OfNegativeNumbersAndNaN_IsTheLargestOrNaN()
    {
        var layer = new PoolLayer<float>(2, Pooling.Maximum);
        var input = new Sequence<float>(3, 1, 2, [-3, 1, -2, float.NaN, -4, 2]);
        layer.Forward(input).Values.ToArray().Should().Equal(-2, float.NaN);
        layer.Backward(new Sequence<float>(1, 1, 2, [5, 7])).Values.ToArray().Should().Equal(0, 0, 5, 7, 0, 0);
    }

    [Fact]
    public void Constructor_BadArgument_IsRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => new PoolLayer<float>(0), "features", "at least 1", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => new PoolLayer<float>(1, (Pooling)7), "pooling", "Mean, Maximum", "7");
        new PoolLayer<float>(3, Pooling.Maximum).ToString().Should().Be("PoolLayer<Single> 3 → 3, 0 parameters, maximum");
    }
}
