using System.Globalization;
using Classification;
using Lstm.Models;

namespace Lstm.Tests.Samples;

public sealed class ClassificationTests : IDisposable
{
    private const string Header = "@problemName made\n@univariate false\n@dimensions 2\n@equalLength false\n@classLabel true a b\n@data\n";
    private const string Cases = "1,2,3:0,0,0:a\n3,2:1,1:b\n1,?,3,4:0,0,0,0:a\n4,3:1,1:b\n";
    private static readonly string[] Quick = ["--hidden", "4", "--batch", "4", "--threads", "1"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Run_NoFile_PrintsConfusionMatrixAndAccuracy()
    {
        (int exit, string output, string error) = Run([.. Quick, "--epochs", "1"]);

        (exit, error).Should().Be((0, string.Empty));
        output.Should().MatchRegex(@"\nsawtooth +\d+ +\d+ +\d+\nsine +\d+ +\d+ +\d+\nsquare +\d+ +\d+ +\d+\naccuracy [01]\.\d{4}\n$");
    }

    [Fact]
    public void Run_Files_LearnsThemAndSavesTheModel()
    {
        string train = Write("train.ts", Header + Cases);
        string model = Path.Combine(_folder.FullName, "model.safetensors");

        (int exit, string output, string error) = Run([.. Quick, "--train", train, "--test", train, "--epochs", "60", "--save", model]);

        (exit, error).Should().Be((0, string.Empty));
        output.Should().EndWith("accuracy 1.0000\n");
        SequenceClassifier<float, string>.Load(model, text => text).Labels.Should().Equal("a", "b");
    }

    [Fact]
    public void Read_ThreeDimensionsOfTheFormat_GivesStepsAndLabels()
    {
        LabelledSequences data = TsFile.Read(Write("train.ts", "# a comment\n\n" + Header + Cases));

        data.Labels.Should().Equal("a", "b", "a", "b");
        data.Sequences.Select(sequence => sequence.Steps).Should().Equal(3, 2, 4, 2);
        data.Sequences[1].Values.ToArray().Should().Equal(3, 1, 2, 1);
        data.Sequences[2][1, 0, 0].Should().Be(float.NaN);
        data.Lines.Should().Equal(9, 10, 11, 12);
    }

    [Theory]
    [InlineData("1,x:0,0:a\n", 7, "'x' is not a finite number")]
    [InlineData("1,NaN:0,0:a\n", 7, "'NaN' is not a finite number")]
    [InlineData("1,2:0,0:a\n1,2:a\n", 8, "2 dimensions")]
    [InlineData("1,2:0:a\n", 7, "as many steps")]
    [InlineData("1,2:0,0:c\n", 7, "'c' is not one of")]
    public void Run_BadLine_IsNamed(string cases, int line, string message)
    {
        string file = Write("bad.ts", Header + cases);

        (int exit, string output, string error) = Run([.. Quick, "--train", file, "--test", file]);

        (exit, output).Should().Be((2, string.Empty));
        error.Should().Contain($"bad.ts, line {line}: ").And.Contain(message);
    }

    [Theory]
    [InlineData("1,2:0,0:a\n1,2:0,0:a\n", null, "at least two classes")]
    [InlineData(Cases, "@univariate true\n@classLabel true a b\n@data\n1,2:a\n", "as many dimensions")]
    [InlineData(Cases, "@dimensions 2\n@classLabel true a b c\n@data\n1,2:0,0:c\n", "line 4: the label 'c' does not occur")]
    [InlineData("", null, "no case")]
    public void Run_DataThatDoNotFit_AreRefused(string train, string? test, string message)
    {
        string first = Write("train.ts", Header + train);

        (int exit, string output, string error) = Run(
            [.. Quick, "--train", first, "--test", test is null ? first : Write("test.ts", test), "--save", Path.Combine(_folder.FullName, "model")]);

        (exit, output).Should().Be((2, string.Empty));
        error.Should().Contain(message);
        File.Exists(Path.Combine(_folder.FullName, "model")).Should().BeFalse();
    }

    [Fact]
    public void Run_MissingFileOrOptionAlone_IsRefused()
    {
        string missing = Path.Combine(_folder.FullName, "missing.ts");

        Run(["--train", missing, "--test", missing]).Should().Match<(int Exit, string Output, string Error)>(
            result => result.Exit == 2 && result.Output.Length == 0 && result.Error.Contains("missing.ts", StringComparison.Ordinal));
        Run(["--train", missing]).Error.Should().Contain("together");
        Run(["--hidden", "0"]).Exit.Should().Be(2);
    }

    private static (int Exit, string Output, string Error) Run(string[] args)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using StringWriter error = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        int exit = ClassificationCommand.Run(args, output, error);
        return (exit, output.ToString().ReplaceLineEndings("\n"), error.ToString());
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, text);
        return path;
    }
}
