using Lstm.Data;
using Lstm.Tests.Support;

namespace Lstm.Tests.Data;

public class TimeSeriesTests
{
    [Fact]
    public void First_OfASeries_KeepsWhatIsKnownBeforehand()
    {
        double[] values = [1, 2, 3];
        var series = new TimeSeries(values, [[4, 5, 6, 7]]);
        values[0] = 9;

        TimeSeries first = series.First(2);

        first.Values.Should().Equal(1, 2);
        first.Known.Should().ContainSingle().Which.Should().Equal(4, 5, 6, 7);
        series.First(3).Values.Should().Equal(series.Values).And.Equal(1, 2, 3);
        series.ToString().Should().Be("TimeSeries of 3 steps, 1 known beside it");
    }

    [Fact]
    public void Constructor_BadNumbers_AreRefused()
    {
        Refusal.Of<ArgumentNullException>(() => _ = new TimeSeries(null!), "values");
        Refusal.Of<ArgumentException>(() => _ = new TimeSeries([]), "values", "empty");
        Refusal.Of<ArgumentException>(() => _ = new TimeSeries([1, double.NaN]), "values", "NaN at step 1");
        Refusal.Of<ArgumentException>(() => _ = new TimeSeries([1, 2], [[1]]), "known", "at least 2");
        Refusal.Of<ArgumentException>(() => _ = new TimeSeries([1, 2], [[1, 2], [1, 2, 3]]), "known", "one length");
        Refusal.Of<ArgumentException>(() => _ = new TimeSeries([1], [[double.PositiveInfinity]]), "known", "at step 0");
        Refusal.Of<ArgumentOutOfRangeException>(() => new TimeSeries([1, 2]).First(3), "steps", "3");
    }
}
