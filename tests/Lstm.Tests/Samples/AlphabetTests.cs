using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Alphabet;

namespace Lstm.Tests.Samples;

public partial class AlphabetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Run_Defaults_ContinuesTheAlphabet(int seed)
    {
        (int exit, string output, string error) = Run("--seed", $"{seed}");

        output.Should().Contain("\nbcdefghijklmnopqrstuvwxyz abcdefghijklmnopqrstuvwx\nEvery one of them is right.\n");
        output.Should().MatchRegex(@"epoch +1 +loss 3\.[0-9]{4} +[0-9.]+ s\n", "27 characters start near ln 27 = 3.3");
        output.Should().MatchRegex(@"epoch +[0-9]+ +loss 0\.0[0-4][0-9]{2} +[0-9.]+ s\n'a' goes on", "it stops below 0.05");
        error.Should().BeEmpty();
        exit.Should().Be(0);
    }

    [Fact]
    public void Run_AnotherText_ContinuesThat()
    {
        (int exit, string output, string error) = Run("--text", "Zürich 🚋, ", "--length", "15", "--hidden", "16");

        output.Should().Contain("'Z' goes on with these 15 characters:\nürich 🚋, Zürich\n");
        (exit, error).Should().Be((0, string.Empty));
    }

    [Fact]
    public void Run_TooFewEpochs_SaysWhichCharactersAreWrong()
    {
        (int exit, string output, string error) = Run("--text", "abc", "--length", "7", "--epochs", "1");

        string[] lines = output.Split('\n');
        int heading = Array.IndexOf(lines, "'a' goes on with these 7 characters:");
        string actual = lines[heading + 1];
        string marks = string.Concat(actual.Zip("bcabcab", (one, other) => one == other ? ' ' : '^'));
        lines[heading + 2].Should().Be(marks);
        int wrong = marks.IndexOf('^', StringComparison.Ordinal);
        lines[heading + 3].Should().Be(
            $"{marks.Count(mark => mark == '^')} are wrong, the first at {wrong + 1}: "
            + $"'{"bcabcab"[wrong]}' comes there, not '{actual[wrong]}'.");
        (exit, error).Should().Be((1, string.Empty));
    }

    [Fact]
    public void Run_SameSeed_PrintsTheSameWhateverTheThreads()
    {
        string[] options = ["--epochs", "20", "--seed", "5", "--threads"];

        string one = Seconds().Replace(Run([.. options, "1"]).Output, "s");
        string two = Seconds().Replace(Run([.. options, "2"]).Output, "s");
        string other = Seconds().Replace(Run("--epochs", "20", "--seed", "6").Output, "s");

        two.Should().Be(one);
        other.Should().NotBe(one);
    }

    [Fact]
    public void Run_TrainingDiverges_ReportsTheEpochAndStops()
    {
        (int exit, string output, string error) = Run("--learning-rate", "1e39");

        exit.Should().Be(1);
        error.Should().MatchRegex(@"^Training stopped\. Epoch 2: .*NaN");
        output.Should().NotContain("goes on", "there is nothing to continue with").And.NotContain("NaN");
    }

    [Theory]
    [InlineData("--length", "0", "--length must be a whole number from 1 to 1000000, but is '0'.")]
    [InlineData("--hidden", "-3", "--hidden must be a whole number from 1 to 4096, but is '-3'.")]
    [InlineData("--epochs", "many", "--epochs must be a whole number from 1 to 1000000, but is 'many'.")]
    [InlineData("--seed", "1.5", "--seed must be a whole number from -2147483648 to 2147483647, but is '1.5'.")]
    [InlineData("--learning-rate", "NaN", "--learning-rate must be a number from 0 to 1E+100, but is 'NaN'.")]
    [InlineData("--learning-rate", "0,5", "--learning-rate must be a number from 0 to 1E+100, but is '0,5'.")]
    [InlineData("--momentum", "1", "--momentum must be a number from 0 to 0.999, but is '1'.")]
    [InlineData("--window", "0", "--window must be a whole number from 1 to 10000, but is '0'.")]
    [InlineData("--threads", "0", "--threads must be a whole number from 1 to 1024, but is '0'.")]
    [InlineData("--text", "", "--text must have at least one character.")]
    [InlineData("--colour", "red", "'--colour'")]
    public void Run_BadOption_SaysSoAndTrainsNothing(string option, string value, string message)
    {
        (int exit, string output, string error) = Run(option, value);

        exit.Should().Be(2);
        error.Should().Contain(message).And.Contain("--help");
        output.Should().BeEmpty();
    }

    [Fact]
    public void Run_OptionWithoutValue_IsRefused()
    {
        (int exit, _, string error) = Run("--text");

        exit.Should().Be(2);
        error.Should().Contain("--text");
    }

    [Fact]
    public void Run_Help_ListsEveryOption()
    {
        (int exit, string output, string error) = Run("--help");

        output.Should().ContainAll(
            "--text", "--length", "--seed", "--hidden", "--window", "--epochs", "--target-loss", "--learning-rate",
            "--momentum", "--threads", "[default: 50]", "[default: 32]", "[default: 28]");
        (exit, error).Should().Be((0, string.Empty));
    }

    [Fact]
    public void Run_CultureWithACommaInNumbers_ReadsThemWithAPoint()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            Run("--epochs", "1", "--momentum", "0.5").Output.Should().Contain("momentum 0,5");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task Program_InAProcessOfItsOwn_ExitsWithTheCode()
    {
        string program = Path.ChangeExtension(typeof(AlphabetCommand).Assembly.Location, "dll");
        var start = new ProcessStartInfo("dotnet", [program, "--epochs", "1", "--length", "3"])
        {
            RedirectStandardOutput = true,
            Environment = { ["LANG"] = "de_DE.UTF-8" },
        };

        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();

        process.ExitCode.Should().Be(1);
        output.Should().Contain("momentum 0.9").And.Contain("'a' goes on with these 3 characters:");
    }

    [GeneratedRegex(@"[0-9.]+ s\b")]
    private static partial Regex Seconds();

    private static (int Exit, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int exit = AlphabetCommand.Run(args, output, error);
        return (exit, output.ToString().ReplaceLineEndings("\n"), error.ToString());
    }
}
