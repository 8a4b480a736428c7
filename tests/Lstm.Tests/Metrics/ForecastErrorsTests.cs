using Lstm.Metrics;

namespace Lstm.Tests.Metrics;

public sealed class ForecastErrorsTests
{
    [Fact]
    public void Of_ByHand_GivesThreeErrors()
    {
        // Errors 1, −2 and 2; the history changes by 1, 3 and 2 from step to step, by 4 and 5 over two steps.
        ForecastErrors errors = ForecastErrors.Of([4, 3, 8], [3, 5, 6], [1, 2, 5, 7]);

        errors.MeanAbsolute.Should().BeApproximately(5.0 / 3, 1e-15);
        errors.RootMeanSquare.Should().BeApproximately(Math.Sqrt(3), 1e-15);
        errors.MeanAbsoluteScaled.Should().BeApproximately(5.0 / 6, 1e-15);
        ForecastErrors.Of([4, 3, 8], [3, 5, 6], [1, 2, 5, 7], season: 2).MeanAbsoluteScaled.Should().BeApproximately(5 / 13.5, 1e-15);
    }

    [Fact]
    public void Of_BadLengths_AreRefused()
    {
        Action none = () => ForecastErrors.Of([], [], [1, 2]);
        Action differ = () => ForecastErrors.Of([1], [1, 2], [1, 2]);
        Action history = () => ForecastErrors.Of([1], [1], [1, 2], season: 2);

        none.Should().Throw<ArgumentException>().WithMessage("*empty*");
        differ.Should().Throw<ArgumentException>();
        history.Should().Throw<ArgumentException>().WithMessage("*more than 2*of 2*");
    }
}
