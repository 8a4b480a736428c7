using Lstm.Data;

namespace Lstm.Tests.Data;

public sealed class FeatureScalingTests
{
    /// <summary>A few roundings in double.</summary>
    private const double Exact = 1e-12;

    private static readonly Sequence<double>[] Sequences =
    [
        new(2, 1, 2, [1, 10, 3, 10]),
        new(1, 1, 2, [5, 10]),
    ];

    [Fact]
    public void Learn_Standard_GivesMeanZeroAndDeviationOne()
    {
        var scaling = FeatureScaling.Learn(Sequences);

        // 1, 3 and 5 have the mean 3 and the variance 8/3.
        double deviation = Math.Sqrt(8.0 / 3);
        scaling.Apply(Sequences[0]).Values.ToArray().Should().BeEquivalentTo(
            [-2 / deviation, 0.0, 0.0, 0.0], options => options.WithStrictOrdering().Using<double>(Near).WhenTypeIs<double>());
        scaling.Offsets.Should().Equal(3, 10);
    }

    [Fact]
    public void Learn_Range_GivesZeroToOne()
    {
        var scaling = FeatureScaling.Learn(Sequences, ScalingKind.Range);

        scaling.Apply(Sequences[0]).Values.ToArray().Should().Equal(0, 0, 0.5, 0);
        scaling.Apply(Sequences[1]).Values.ToArray().Should().Equal(1, 0);
    }

    [Fact]
    public void Learn_None_LeavesNumbersAsTheyAre() =>
        FeatureScaling.Learn(Sequences, ScalingKind.None).Apply(Sequences[0]).Values.ToArray().Should().Equal(1, 10, 3, 10);

    [Fact]
    public void Learn_MissingAndInvalidNumbers_DoNotCount()
    {
        Sequence<double> gap = new(3, 1, 1, [1, double.NaN, 3]);
        Sequence<double> padded = new(3, 1, 1, [1, 3, 1000]) { Mask = StepMask.FromLengths(3, [2]) };

        FeatureScaling.Learn([gap]).Offsets.Should().Equal(2);
        FeatureScaling.Learn([padded]).Offsets.Should().Equal(2);
        FeatureScaling.Learn([gap]).Apply(gap)[1, 0, 0].Should().Be(0);
    }

    [Fact]
    public void Learn_ConstantFeatureWhoseMeanIsRounded_IsNotBlownUp()
    {
        // (0.1 + 0.1 + 0.1) / 3 is not 0.1 in double: what is left looks like a deviation of 1e-17.
        var scaling = FeatureScaling.Learn([new Sequence<double>(3, 1, 1, [0.1, 0.1, 0.1])]);
        scaling.Factors.Should().Equal(1);
    }

    [Fact]
    public void Learn_BadSequences_AreRefused()
    {
        Action empty = () => FeatureScaling.Learn<double>([]);
        Action differ = () => FeatureScaling.Learn([new Sequence<double>(1, 1, 2), new Sequence<double>(1, 1, 3)]);
        Action infinite = () => FeatureScaling.Learn([new Sequence<double>(1, 1, 1, [double.PositiveInfinity])]);
        Action kind = () => FeatureScaling.Learn(Sequences, (ScalingKind)7);

        empty.Should().Throw<ArgumentException>().WithMessage("*empty*");
        differ.Should().Throw<ArgumentException>().WithMessage("*2 features*3 features*");
        infinite.Should().Throw<ArgumentException>().WithMessage("*finite*");
        kind.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Fact]
    public void Apply_OtherFeatures_IsRefused()
    {
        Action act = () => FeatureScaling.Learn(Sequences).Apply(new Sequence<float>(1, 1, 3));

        act.Should().Throw<ArgumentException>().WithMessage("*2 features*3 features*");
    }

    private static void Near(FluentAssertions.Equivalency.IAssertionContext<double> context) =>
        context.Subject.Should().BeApproximately(context.Expectation, Exact);
}
