using System.Numerics;
using Lstm.Layers;
using Lstm.Models;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

public class DropoutLayerTests
{
    /// <summary>Of the normal distribution, 6 in 10⁷ lie farther from the mean: a right mask passes, whatever its seed.</summary>
    private const double StandardDeviations = 5;

    private readonly Random _random = new(1);

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.75)]
    public void Forward_Training_DropsOrScales(double rate)
    {
        var layer = new DropoutLayer<double>(7, rate, seed: 3);
        Sequence<double> input = Draw.Sequence<double>(_random, 5, 4, 7);
        double[] output = layer.Forward(input).Values.ToArray();
        bool[] dropped = [.. output.Select(value => value == 0)];
        dropped.Should().Contain(true).And.Contain(false);
        for (int n = 0; n < output.Length; n++)
        {
            output[n].Should().Be(dropped[n] ? 0 : input.Values[n] * (1 / (1 - rate)));
        }

        // The same elements, and the same scale, on the way back.
        Sequence<double> gradient = Draw.Sequence<double>(_random, 5, 4, 7);
        double[] inputGradient = layer.Backward(gradient).Values.ToArray();
        for (int n = 0; n < output.Length; n++)
        {
            inputGradient[n].Should().Be(dropped[n] ? 0 : gradient.Values[n] * (1 / (1 - rate)));
        }
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.9)]
    public void Forward_ManyElements_DropsAtTheRate(double rate)
    {
        const int Passes = 20;
        const int Elements = 10_000;
        var layer = new DropoutLayer<float>(10, rate, seed: 1);
        double[] dropped = [.. Enumerable.Range(0, Passes).Select(_ => (double)Mask(layer, Elements).Count(kept => !kept))];

        double deviation = Math.Sqrt(rate * (1 - rate) * Elements);
        dropped.Should().OnlyContain(count => Math.Abs(count - (rate * Elements)) < StandardDeviations * deviation);
        dropped.Sum().Should().BeApproximately(
            rate * Elements * Passes, StandardDeviations * deviation * Math.Sqrt(Passes));
        dropped.Distinct().Should().HaveCountGreaterThan(1);
    }

    [Fact]
    public void Forward_PassesSeedsAndNeighbours_DropIndependently()
    {
        const int Elements = 100_000;
        bool[] mask = Mask(new DropoutLayer<float>(10, 0.3, seed: 1), Elements);
        var layer = new DropoutLayer<float>(10, 0.3, seed: 2);
        bool[] first = Mask(layer, Elements);
        AreIndependent(mask, first);
        for (int call = 1; call < 5; call++)
        {
            AreIndependent(first, Mask(layer, Elements));
        }

        foreach (int distance in new[] { 1, 2, 10, 64 })
        {
            AreIndependent(first[distance..], first[..^distance]);
        }
    }

    [Fact]
    public void Forward_SameSeedAndCall_DropsTheSame()
    {
        var layer = new DropoutLayer<float>(10, 0.5, seed: 4);
        bool[][] masks = [.. Enumerable.Range(0, 3).Select(_ => Mask(layer, 500))];
        layer.Call.Should().Be(3);

        var again = new DropoutLayer<float>(10, 0.5, seed: 4) { Threads = 1, Call = 2 };
        Mask(again, 500).Should().Equal(masks[2]);
        again.Call = 0;
        Mask(again, 500).Should().Equal(masks[0]);
        again.Repeat = true;
        Mask(again, 500).Should().Equal(masks[1]);
        Mask(again, 500).Should().Equal(masks[1]);
        again.Call.Should().Be(1);

        // Neither the type nor the shape matters.
        var sequence = new Sequence<double>(2, 25, 10);
        sequence.Values.Fill(1);
        new DropoutLayer<double>(10, 0.5, seed: 4).Forward(sequence).Values.ToArray().Select(value => value != 0)
            .Should().Equal(masks[0]);
    }

    [Fact]
    public void Forward_RateZero_IsNoLayer()
    {
        var layer = new DropoutLayer<float>(6, 0);
        Sequence<float> input = Draw.Sequence<float>(_random, 3, 4, 6);
        layer.Forward(input).Values.ToArray().Should().Equal(input.Values.ToArray());
        layer.Backward(input).Values.ToArray().Should().Equal(input.Values.ToArray());
    }

    [Fact]
    public void Infer_AnyRate_PassesOnAndDoesNotCount()
    {
        var layer = new DropoutLayer<float>(6, 0.9);
        Sequence<float> input = Draw.Sequence<float>(_random, 3, 4, 6);
        layer.Infer(input).Values.ToArray().Should().Equal(input.Values.ToArray());
        float[] output = new float[24];
        layer.Step(input.Step(1), layer.CreateState(4), output);
        output.Should().Equal(input.Step(1).ToArray());
        layer.Call.Should().Be(0);
    }

    [Fact]
    public void Backward_InANetwork_EqualsFiniteDifferences()
    {
        DropoutLayer<double>[] dropouts = [new(3, 0.3, seed: 1) { Repeat = true }, new(4, 0.5, seed: 2) { Repeat = true }];
        var network = new Network<double>(
            dropouts[0], new LstmLayer<double>(3, 4), dropouts[1], new DenseLayer<double>(4, 2));
        Draw.Parameters(_random, network);
        Sequence<double> input = Draw.Sequence<double>(_random, 4, 2, 3);

        GradientReport report = GradientCheck.Run(network, input, Draw.State(_random, network, 2));
        report.Passed.Should().BeTrue(report.ToString());

        // A check of different masks would find fault.
        dropouts[1].Repeat = false;
        GradientCheck.Run(network, input).Passed.Should().BeFalse();
    }

    [Fact]
    public void Constructor_BadArgument_IsRefused()
    {
        Refusal.Of<ArgumentOutOfRangeException>(() => new DropoutLayer<float>(0, 0.5), "features", "at least 1", "0");
        foreach (double rate in new[] { -0.1, 1, 1.5, double.NaN, double.PositiveInfinity })
        {
            Refusal.Of<ArgumentOutOfRangeException>(() => new DropoutLayer<float>(3, rate), "rate", "at least 0 and below 1", $"{rate}");
        }
    }

    [Fact]
    public void Call_Negative_IsRefused()
    {
        var layer = new DropoutLayer<float>(3, 0.5) { Call = 7 };
        Refusal.Of<ArgumentOutOfRangeException>(() => layer.Call = -1, "Call", "at least 0", "-1");
        layer.Call.Should().Be(7);
    }

    [Fact]
    public void Forward_Refused_DoesNotCount()
    {
        var layer = new DropoutLayer<float>(3, 0.5);
        Refusal.Of<ArgumentException>(() => layer.Forward(new Sequence<float>(1, 1, 4)), "input");
        layer.Call.Should().Be(0);
    }

    [Fact]
    public void ToString_Layer_SaysItsRate() =>
        new DropoutLayer<float>(64, 0.2).ToString().Should().Be("DropoutLayer<Single> 64 → 64, 0 parameters, rate 0.2");

    /// <summary>Which elements the next pass keeps.</summary>
    private static bool[] Mask<T>(DropoutLayer<T> layer, int elements)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var input = new Sequence<T>(elements / layer.Inputs, 1, layer.Inputs);
        input.Values.Fill(T.One);
        return [.. layer.Forward(input).Values.ToArray().Select(value => value != T.Zero)];
    }

    /// <summary>The correlation of n pairs that have none is normally distributed with a deviation of 1/√n.</summary>
    private static void AreIndependent(bool[] one, bool[] other)
    {
        double a = one.Average(kept => kept ? 1 : 0);
        double b = other.Average(kept => kept ? 1 : 0);
        double both = one.Zip(other).Average(pair => pair.First && pair.Second ? 1 : 0);
        double correlation = (both - (a * b)) / Math.Sqrt(a * (1 - a) * b * (1 - b));
        correlation.Should().BeInRange(-StandardDeviations / Math.Sqrt(one.Length), StandardDeviations / Math.Sqrt(one.Length));
    }
}
