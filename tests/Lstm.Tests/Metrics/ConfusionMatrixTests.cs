using Lstm.Metrics;

namespace Lstm.Tests.Metrics;

public sealed class ConfusionMatrixTests
{
    [Fact]
    public void Add_Answers_CountsRowsAndColumns()
    {
        ConfusionMatrix<string> matrix = Filled();

        (matrix["cat", "cat"], matrix["cat", "dog"], matrix["dog", "cat"], matrix["dog", "dog"]).Should().Be((2, 1, 0, 1));
        matrix.Count.Should().Be(4);
        matrix.Accuracy.Should().Be(3.0 / 4);
        (matrix.Precision("cat"), matrix.Recall("cat")).Should().Be((1, 2.0 / 3));
        (matrix.Precision("dog"), matrix.Recall("dog")).Should().Be((0.5, 1));
    }

    [Fact]
    public void ToString_Answers_GivesATable() =>
        Filled().ToString().ReplaceLineEndings("\n").Should().Be("    cat dog\ncat   2   1\ndog   0   1");

    [Fact]
    public void Constructor_LabelTwiceOrNone_IsRefused()
    {
        Action twice = () => _ = new ConfusionMatrix<int>([1, 2, 1]);
        Action none = () => _ = new ConfusionMatrix<int>([]);

        twice.Should().Throw<ArgumentException>().WithMessage("*1 twice*");
        none.Should().Throw<ArgumentException>().WithMessage("*empty*");
    }

    [Fact]
    public void Add_UnknownLabel_IsRefusedAndCountsNothing()
    {
        ConfusionMatrix<string> matrix = Filled();
        Action act = () => matrix.Add("cat", "cow");

        act.Should().Throw<ArgumentException>().WithMessage("*cat, dog*cow*");
        matrix.Count.Should().Be(4);
    }

    private static ConfusionMatrix<string> Filled()
    {
        var matrix = new ConfusionMatrix<string>(["cat", "dog"]);
        matrix.Add("cat", "cat");
        matrix.Add("cat", "dog");
        matrix.Add("dog", "dog");
        matrix.Add("cat", "cat");
        return matrix;
    }
}
