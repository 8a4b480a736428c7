using Lstm.Tests.Support;
using MathNet.Numerics.LinearAlgebra;

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
    public void CopyFrom_Numbers_SetsTheMatrixInColumns()
    {
        var parameter = new Parameter<double>("Weights", 2, 3);
        parameter.CopyFrom([1, 2, 3, 4, 5, 6]);
        parameter.ReadOnlyValues.ToArray().Should().Equal(1, 2, 3, 4, 5, 6);
        parameter.Value[1, 2].Should().Be(6);
        (parameter.Rows, parameter.Columns).Should().Be((2, 3));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(7)]
    public void CopyFrom_AnotherCount_IsRefusedAndChangesNothing(int count)
    {
        var parameter = new Parameter<double>("Weights", 2, 3);
        parameter.CopyFrom([1, 2, 3, 4, 5, 6]);
        Refusal.Of<ArgumentException>(() => parameter.CopyFrom(new double[count]), "source", "6 numbers", $"{count}");
        parameter.ReadOnlyValues.ToArray().Should().Equal(1, 2, 3, 4, 5, 6);
    }

    [Fact]
    public void Version_Changes_GrowsUntilTheValuesAreShared()
    {
        var parameter = new Parameter<double>("Weights", 2, 3);
        var other = new Parameter<double>("Weights", 2, 3);
        long first = Parameter<double>.VersionOf(parameter, other);
        first.Should().BePositive();
        parameter.ReadOnlyValues.ToArray();
        Parameter<double>.VersionOf(parameter, other).Should().Be(first, "nothing has been changed");
        parameter.CopyFrom(new double[6]);
        long second = Parameter<double>.VersionOf(parameter, other);
        second.Should().BeGreaterThan(first);
        other.ChangeValues().Fill(1);
        Parameter<double>.VersionOf(parameter, other).Should().BeGreaterThan(second);

        other.Values.ToArray();
        Parameter<double>.VersionOf(parameter, other).Should().Be(0, "whoever has the numbers may write to them");
        parameter.Value.RowCount.Should().Be(2);
        parameter.CopyFrom(new double[6]);
        parameter.Version.Should().Be(0);
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
    public void Touched_Gradients_AreTheirBlocks()
    {
        // Four blocks, the last of them short.
        var parameter = new Parameter<double>("Weights", 10, 160);
        Touched(parameter).Should().BeEmpty("nothing has been added yet");

        parameter.TouchGradients(1590, 10).Fill(1);
        parameter.TouchGradients(510, 5).Fill(2);
        parameter.TouchGradients(3, 1).Fill(3);
        Touched(parameter).Should().Equal(0..1024, 1536..1600);
        parameter.Touched.Numbers.Should().Be(3 * TouchedBlocks.Length);
        parameter.UnmarkedGradients.ToArray().Sum().Should().Be(10 + (2 * 5) + 3);

        parameter.ZeroGradient();
        Touched(parameter).Should().BeEmpty();
        parameter.Gradients.ToArray().Should().OnlyContain(value => value == 0);
    }

    [Fact]
    public void Touched_NumbersHandedOut_IsAllUntilCleared()
    {
        var parameter = new Parameter<double>("Weights", 2, 600);
        parameter.TouchGradients(0, 2).Fill(1);
        parameter.Gradients[1100] = 2;
        parameter.TouchGradients(600, 2).Fill(1);
        Touched(parameter).Should().Equal(0..1200);

        parameter.ZeroGradient();
        parameter.UnmarkedGradients.ToArray().Should().OnlyContain(value => value == 0);
        Touched(parameter).Should().BeEmpty();
    }

    [Fact]
    public void Touched_UpToTheEndOfABlock_LeavesTheNextOut()
    {
        var parameter = new Parameter<double>("Weights", 2, 768);
        parameter.TouchGradients(510, 2);
        Touched(parameter).Should().Equal(0..512);
        parameter.TouchGradients(1534, 2);
        Touched(parameter).Should().Equal([0..512, 1024..1536], "and behind the last there is none");
    }

    [Fact]
    public void Touched_MatrixHandedOut_IsAllForGood()
    {
        var parameter = new Parameter<double>("Weights", 2, 600);
        Matrix<double> gradient = parameter.Gradient;
        parameter.ZeroGradient();
        gradient[1, 500] = 3;
        parameter.TouchGradients(0, 2).Fill(1);
        Touched(parameter).Should().Equal(0..1200);

        parameter.ZeroGradient();
        gradient.Enumerate().Should().OnlyContain(value => value == 0);
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

    private static List<Range> Touched(Parameter<double> parameter)
    {
        var ranges = new List<Range>();
        foreach (Range range in parameter.Touched.Within(0, parameter.Touched.Count))
        {
            ranges.Add(range);
        }

        return ranges;
    }
}
