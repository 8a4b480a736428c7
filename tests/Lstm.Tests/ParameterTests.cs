using Lstm.Tests.Support;

namespace Lstm.Tests;

public class ParameterTests
{
    [Fact]
    public void Constructor_Sizes_GivesZeros()
    {
        var parameter = new Parameter<float>("Weights", 2, 3);
        (parameter.Name, parameter.Count, parameter.Decays).Should().Be(("Weights", 6, true));
        (parameter.Value.RowCount, parameter.Value.ColumnCount).Should().Be((2, 3));
        (parameter.Gradient.RowCount, parameter.Gradient.ColumnCount).Should().Be((2, 3));
        parameter.Values.ToArray().Should().Equal(new float[6]);
        parameter.Gradients.ToArray().Should().Equal(new float[6]);
        new Parameter<float>("Bias", 2, 1, decays: false).Decays.Should().BeFalse();
    }

    [Fact]
    public void Values_Numbers_AreTheMatrixInColumns()
    {
        var parameter = new Parameter<double>("Weights", 2, 3);
        parameter.Value[1, 2] = 5;
        parameter.Values[2] = 3;
        parameter.Values.ToArray().Should().Equal(0, 0, 3, 0, 0, 5);
        parameter.Value[0, 1].Should().Be(3);
        parameter.Gradient[1, 0] = 4;
        parameter.Gradients[4] = 2;
        parameter.Gradients.ToArray().Should().Equal(0, 4, 0, 0, 2, 0);
        parameter.Gradient[0, 2].Should().Be(2);
    }

    [Fact]
    public void ZeroGradient_Parameter_ClearsTheGradientAlone()
    {
        var parameter = new Parameter<double>("Weights", 2, 3);
        parameter.Values.Fill(1);
        parameter.Gradients.Fill(2);
        parameter.ZeroGradient();
        parameter.Values.ToArray().Should().OnlyContain(value => value == 1);
        parameter.Gradients.ToArray().Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public void Constructor_BadArgument_IsRefused()
    {
        Refusal.Of<ArgumentNullException>(() => new Parameter<float>(null!, 2, 3), "name");
        Refusal.Of<ArgumentException>(() => new Parameter<float>(" ", 2, 3), "name");
        Refusal.Of<ArgumentOutOfRangeException>(() => new Parameter<float>("W", 0, 3), "rows", "at least 1", "0");
        Refusal.Of<ArgumentOutOfRangeException>(() => new Parameter<float>("W", 2, -1), "columns", "at least 1", "-1");
        Refusal.Of<ArgumentOutOfRangeException>(
            () => new Parameter<float>("W", 1 << 16, 1 << 16), "rows", $"{Array.MaxLength}", "65536 × 65536");
        Action half = () => _ = new Parameter<Half>("W", 2, 3);
        half.Should().ThrowExactly<NotSupportedException>().WithMessage("*float or double*Half*");
    }

    [Fact]
    public void ToString_Parameter_SaysItsShape() =>
        new Parameter<float>("InputWeights", 128, 27).ToString().Should().Be("InputWeights 128 × 27");
}
