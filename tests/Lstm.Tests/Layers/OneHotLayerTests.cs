using Lstm.Layers;
using Lstm.Tests.Support;

namespace Lstm.Tests.Layers;

public class OneHotLayerTests
{
    private static readonly float[] Expected =
    [
        0, 0, 1, 0,
        1, 0, 0, 0,
        0, 0, 0, 1,
        0, 0, 1, 0,
    ];

    [Fact]
    public void Forward_Tokens_GivesUnitVectors()
    {
        var layer = new OneHotLayer<float>(4);
        layer.Forward(Tokens()).Values.ToArray().Should().Equal(Expected);

        // Again, over what the first pass left behind.
        layer.Forward(new Sequence<float>(2, 2, 1, [3, 3, 3, 3])).Values.ToArray().Should().Equal(
            Enumerable.Repeat(new float[] { 0, 0, 0, 1 }, 4).SelectMany(x => x));
        layer.Infer(Tokens()).Values.ToArray().Should().Equal(Expected);
    }

    [Fact]
    public void Step_Tokens_GivesUnitVectors()
    {
        var layer = new OneHotLayer<double>(3);
        double[] output = [9, 9, 9, 9, 9, 9];
        layer.Step([2, 1], layer.CreateState(2), output);
        output.Should().Equal(0, 0, 1, 0, 1, 0);
    }

    [Fact]
    public void Backward_AnyGradient_GivesZeroInputGradient()
    {
        var layer = new OneHotLayer<float>(4);
        layer.Forward(Tokens());
        Sequence<float> gradient = layer.Backward(Draw.Sequence<float>(new Random(1), 2, 2, 4));
        gradient.Values.ToArray().Should().Equal(0, 0, 0, 0);
        layer.ParameterCount.Should().Be(0);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-1)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Forward_NoTokenOfTheVocabulary_IsRefused(double token)
    {
        var layer = new OneHotLayer<double>(4);
        var input = new Sequence<double>(1, 3, 1, [0, 1, token]);
        var output = new Sequence<double>(1, 3, 4, [.. Enumerable.Repeat(7.0, 12)]);
        string[] words = ["from 0 to 3", "element 2"];
        Refusal.Of<ArgumentOutOfRangeException>(() => layer.Forward(input), "input", words);
        Refusal.Of<ArgumentOutOfRangeException>(() => layer.Infer(input), "input", words);
        Refusal.Of<ArgumentOutOfRangeException>(() => layer.Infer(input, output), "input", words);
        Refusal.Of<ArgumentOutOfRangeException>(
            () => layer.Step(input.Values, layer.CreateState(3), output.Values), "input", words);
        output.Values.ToArray().Should().OnlyContain(value => value == 7);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    [InlineData((1 << 24) + 1)]
    public void Constructor_TokensOutOfRange_IsRefused(int tokens) =>
        Refusal.Of<ArgumentOutOfRangeException>(() => new OneHotLayer<float>(tokens), "tokens", "from 1 to 16777216", $"{tokens}");

    [Fact]
    public void ToString_Layer_SaysItsSizes() =>
        new OneHotLayer<float>(27).ToString().Should().Be("OneHotLayer<Single> 1 → 27, 0 parameters");

    private static Sequence<float> Tokens() => new(2, 2, 1, [2, 0, 3, 2]);
}
