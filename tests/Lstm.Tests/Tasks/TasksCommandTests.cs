using Lstm.Tasks;

namespace Lstm.Tests.Tasks;

public sealed class TasksCommandTests
{
    [Fact]
    public void Run_OneTask_PrintsItsLineAndPasses()
    {
        (int exit, string output, string error) = Run("--task", "embedded-reber", "--seeds", "1");

        output.Should().MatchRegex(@"\n\| embedded-reber \| 575 \| 1 of 1 \| [0-9,]+ \| [0-9,]+ \| [0-9,]+ \| [0-9,]+ \| at most 0 of 256 \| 8,440 ");
        output.Should().Contain("\n1 of 1 tasks learnt");
        (exit, error).Should().Be((0, string.Empty));
    }

    [Theory]
    [InlineData("--seeds", "0")]
    [InlineData("--threads", "none")]
    [InlineData("--task", "juggling")]
    public void Run_BadOption_SaysSoAndNothingElse(string option, string value)
    {
        (int exit, string output, string error) = Run(option, value);

        exit.Should().Be(2);
        output.Should().BeEmpty();
        error.Should().Contain(value);
    }

    [Fact]
    public void Median_OfTrials_CountsThoseThatFailedAsTheLargest()
    {
        TaskResult Result(params int?[] sequences) => new(new EmbeddedReberTask(), [.. sequences.Select(n => new Trial(n, 1))]);

        Result(30, 10, 20).Median.Should().Be(20);
        Result(30, 10, 20, 40).Median.Should().Be(25);
        Result(null, 10, 20).Median.Should().Be(20);
        Result(null, 10).Median.Should().BeNull();
        Result(null, 10, null).Median.Should().BeNull();
    }

    [Fact]
    public void Passed_TooFewTooManyOrTooManyWrong_IsFalse()
    {
        TaskResult Result(int good, params Trial[] more) => new(new AddingTask(), [.. Enumerable.Repeat(new Trial(1000, 1, 3), good), .. more]);

        Result(9, new Trial(null, 1)).Passed.Should().BeTrue();
        Result(8, new Trial(null, 1), new Trial(null, 1)).Passed.Should().BeFalse();
        Result(8, new Trial(1000, 1, 26), new Trial(1000, 1, 26)).Passed.Should().BeFalse();
        Result(1, new Trial(74_001, 1), new Trial(74_001, 1)).Passed.Should().BeFalse();
    }

    private static (int Exit, string Output, string Error) Run(params string[] args)
    {
        using StringWriter output = new() { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int exit = TasksCommand.Run(args, output, error);
        return (exit, output.ToString(), error.ToString());
    }
}
