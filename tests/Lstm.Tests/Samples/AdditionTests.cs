using System.Globalization;
using System.Text.RegularExpressions;
using Addition;
using Lstm.Data;

namespace Lstm.Tests.Samples;

public sealed partial class AdditionTests : IDisposable
{
    private static readonly string[] Quick =
        ["--examples", "300", "--epochs", "2", "--hidden", "8", "--embedding", "4", "--batch", "32"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Run_Small_PrintsTheShareOfRightAnswersOfEachEpoch()
    {
        (int exit, string output, string error) = Run(Quick);

        output.Should().Contain("270 sums to learn, 30 held back\n");
        output.Should().MatchRegex(
            @"epoch   1   loss [0-9.]+   right +[0-9.]+ %   [0-9.]+ s\nepoch   2   loss [0-9.]+   right +[0-9.]+ %   [0-9.]+ s\n");
        output.Should().MatchRegex(@"\n[0-9.]+ % of 30 answers are right\n$");
        Example().Matches(output).Should().HaveCount(5);
        (exit, error).Should().Be((0, string.Empty));
    }

    [Fact]
    public void Run_SameSeed_PrintsTheSameWhateverTheThreads()
    {
        string Quietly(params string[] more) => Seconds().Replace(Run([.. Quick, .. more]).Output, "s");

        string one = Quietly("--threads", "1");

        Quietly("--threads", "2").Should().Be(one);
        Quietly("--seed", "2").Should().NotBe(one);
        Quietly("--reverse", "false").Should().NotBe(one);
        Quietly("--peeky", "false").Should().NotBe(one);
        Quietly("--decay", "false").Should().NotBe(one);
    }

    [Fact]
    public void Run_File_LearnsItsSumsAndSavesTheModel()
    {
        string file = Write([.. Enumerable.Range(1, 40).Select(n => $"{n}+{n}".PadRight(7) + $"_{2 * n}".PadRight(5))]);
        string model = Path.Combine(_folder.FullName, "model.safetensors");

        (int exit, string output, string error) = Run([.. Quick, "--file", file, "--held-back", "0.25", "--save", model]);

        output.Should().Contain("30 sums to learn, 10 held back\n");
        Example().Matches(output).Should().OnlyContain(match => match.Groups[1].Value == match.Groups[2].Value);
        Lstm.Models.SequenceToSequence<float>.Load(model).Generate("12+12  ").Should().HaveLength(4);
        (exit, error).Should().Be((0, string.Empty));
    }

    [Theory]
    [InlineData(2, "1+1_2", "1+1")]
    [InlineData(3, "1+1    _2   ", "3+1_4", "2+2    _")]
    [InlineData(1, "_2", "1+1_2")]
    [InlineData(2, "1+1_2", "1+1_2_3")]
    public void Run_LineThatIsNoSum_NamesIt(int line, params string[] lines)
    {
        (int exit, string output, string error) = Run([.. Quick, "--file", Write(lines)]);

        (exit, output).Should().Be((2, string.Empty));
        error.Should().MatchRegex($"sums\\.txt.*\\b{line}\\b.*a question, '_' and an answer");
    }

    [Fact]
    public void Run_FileOfOneLine_IsRefused()
    {
        (int exit, string output, string error) = Run([.. Quick, "--file", Write(["1+1_2"])]);

        (exit, output).Should().Be((2, string.Empty));
        error.Should().Contain("two lines");
    }

    [Theory]
    [InlineData("--file", "no such file", "no such file")]
    [InlineData("--examples", "1", "--examples must be a whole number from 2 to 500000, but is '1'.")]
    [InlineData("--reverse", "perhaps", "perhaps")]
    [InlineData("--clip", "0", "--clip")]
    [InlineData("--held-back", "1", "--held-back")]
    public void Run_BadOption_SaysSo(string option, string value, string message)
    {
        (int exit, string output, string error) = Run(option, value);

        (exit, output).Should().Be((2, string.Empty));
        error.Should().Contain(message);
    }

    [Fact]
    public void Run_TrainingDiverges_SaysSo()
    {
        (int exit, _, string error) = Run([.. Quick, "--learning-rate", "1e39"]);

        exit.Should().Be(1);
        error.Should().StartWith("Training stopped.");
    }

    [Fact]
    public void Run_ModelThatHasNoPlace_IsRefusedBeforeAnythingIsTrained()
    {
        (int exit, string output, string error) = Run([.. Quick, "--save", Path.Combine(_folder.FullName, "none", "model")]);

        (exit, output).Should().Be((2, string.Empty));
        error.Should().Contain("cannot be written: there is no such folder");
        Run([.. Quick, "--save", _folder.FullName]).Error.Should().Contain("cannot be written: it is a folder");
    }

    [Fact]
    public void Make_Sums_AreRightDifferentAndPadded()
    {
        IReadOnlyList<TextPair> sums = Sums.Make(5000, new Random(1));

        sums.Should().OnlyContain(sum => sum.Source.Length == 7 && sum.Target.Length == 4);
        sums.Should().OnlyContain(sum => sum.Source.Split('+', 2).Sum(Number) == Number(sum.Target));
        sums.Select(sum => sum.Source).Should().OnlyHaveUniqueItems();
        foreach (int length in new[] { 1, 2, 3 })
        {
            sums.Count(sum => sum.Source.IndexOf('+', StringComparison.Ordinal) == length).Should().BeGreaterThan(500);
        }
    }

    [GeneratedRegex(@"(?m)^(\d+)\+(\d+) +.{4} (?:right|wrong, it is .{4})$")]
    private static partial Regex Example();

    [GeneratedRegex(@"[0-9.]+ s\b")]
    private static partial Regex Seconds();

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private string Write(string[] lines)
    {
        string file = Path.Combine(_folder.FullName, "sums.txt");
        File.WriteAllLines(file, lines);
        return file;
    }

    private static (int Exit, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int exit = AdditionCommand.Run(args, output, error);
        return (exit, output.ToString().ReplaceLineEndings("\n"), error.ToString());
    }
}
