using System.Globalization;
using System.Text.RegularExpressions;
using LanguageModel;
using Lstm.Training;
using Spectre.Console;

namespace Lstm.Tests.Samples;

public sealed class LanguageModelSampleTests : IDisposable
{
    /// <summary>The perplexity is printed to three decimals.</summary>
    private const double Printed = 0.001;

    private readonly string _folder = Directory.CreateTempSubdirectory("language-model").FullName;

    private string Model => Path.Combine(_folder, "model.safetensors");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_Characters_LearnsAndPrintsItsPerplexities()
    {
        string text = Write("text.txt", string.Concat(Enumerable.Repeat("abcd efgh\n", 200)));

        (int exit, string output, string error) = Run(
            text, "--hidden", "24", "--layers", "1", "--dropout", "0", "--epochs", "8", "--steps", "16", "--batch", "4",
            "--learning-rate", "0.02", "--length", "30", "--temperature", "0");

        (exit, error).Should().Be((0, string.Empty));
        output.Should().Contain("epoch   1/8").And.Contain("epoch   8/8").And.MatchRegex("[0-9]+ tokens/s");
        output.Should().Contain("Saved to ").And.Contain("abcd efgh\nabcd efgh\n");
        Perplexity(output, "valid").Should().BeInRange(1, 1.5);
        Perplexity(output, "test").Should().BeInRange(1, 1.5);

        (int exitLoaded, string loaded, _) = Run(
            "--load", Model, "--prompt", "ab", "--length", "8", "--temperature", "0");
        exitLoaded.Should().Be(0);
        loaded.Should().Contain("\nabcd efgh\n");
    }

    [Fact]
    public void Run_WordsInThreeFiles_ReadsALineAsASentence()
    {
        string train = Write("train.txt", string.Concat(Enumerable.Repeat("to be or not\n", 60)));
        string valid = Write("valid.txt", "to be or zebra\nto be or not\n");
        string test = Write("test.txt", "to be or not\nto be or not\n");

        (int exit, string output, string error) = Run(
            "--config", "zaremba-small", "--train", train, "--valid", valid, "--test", test, "--hidden", "12", "--epochs", "2",
            "--length", "6");

        (exit, error).Should().Be((0, string.Empty));
        output.Should().Contain("EmbeddingLayer<Single> 1 → 12, 72 parameters", "of five words and the unknown one");
        output.Should().Contain("SgdOptimizer").And.Contain("learning rate 1");
        double tested = Perplexity(output, "test");
        Lstm.Models.LanguageModel<float>.Load(Model).Perplexity("to be or not <eos> to be or not <eos>")
            .Should().BeApproximately(tested, Printed);
        Perplexity(output, "valid").Should().NotBe(tested);
    }

    [Fact]
    public void Run_SameSeed_PrintsTheSameWhateverTheThreads()
    {
        string text = Write("text.txt", string.Concat(Enumerable.Range(0, 300).Select(n => $"{n * 7 % 31} ")));
        string[] options = [text, "--hidden", "8", "--epochs", "2", "--dropout", "0.2", "--length", "20", "--threads"];

        string one = Lines(Run([.. options, "1"]).Output);
        string two = Lines(Run([.. options, "2"]).Output);

        two.Should().Be(one);

        static string Lines(string output) => Regex.Replace(output, "[0-9]+ tokens/s.*", string.Empty);
    }

    [Theory]
    [InlineData("char-rnn")]
    [InlineData("zaremba-medium")]
    public void Run_PublishedSettings_AreChangedByOptions(string config)
    {
        string text = Write("text.txt", string.Concat(Enumerable.Repeat("so it is and so it was\n", 20)));

        (int exit, string output, _) = Run("--config", config, text, "--hidden", "8", "--epochs", "1", "--length", "5");

        exit.Should().Be(0);
        output.Should().NotContain("rate 0.1", "what is not said of dropout is that there is none");
        output.Should().Contain(config == "char-rnn" ? "OneHotLayer" : "rate 0.5").And.Contain("epoch   1/1");
        (config == "char-rnn" ? "RmsPropOptimizer" : "SgdOptimizer").Should().Match(name => output.Contains(name));
    }

    [Fact]
    public void Run_Diverging_SaysSoAndSavesNothing()
    {
        string text = Write("text.txt", string.Concat(Enumerable.Repeat("abcd efgh\n", 50)));

        (int exit, _, string error) = Run(
            text, "--hidden", "8", "--optimizer", "sgd", "--learning-rate", "1e39", "--clip", "0", "--epochs", "5");

        exit.Should().Be(1);
        error.Should().Contain("Training stopped").And.Contain("--learning-rate");
        File.Exists(Model).Should().BeFalse();
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("ab", "two tokens or more")]
    public void Run_TextTooShort_IsRefused(string text, string message) => Refuse(message, Write("text.txt", text));

    [Fact]
    public void Run_BadInput_IsRefusedAndNothingWritten()
    {
        string text = Write("text.txt", string.Concat(Enumerable.Repeat("abcd efgh\n", 20)));
        string bytes = Path.Combine(_folder, "bytes.txt");
        File.WriteAllBytes(bytes, [0x61, 0xff, 0xfe, 0x62]);
        Refuse("cannot be read", Path.Combine(_folder, "nothing.txt"));
        Refuse("not a text in UTF-8", bytes);
        Refuse("two tokens or more", Write("blank.txt", new string(' ', 100)), "--tokens", "words", "--held-back", "0.1");
        Refuse("--config must be one of zaremba-small, zaremba-medium, char-rnn, but is 'zaremba'.", text, "--config", "zaremba");
        Refuse("--dropout must be a number from 0 to 0.95, but is '1'.", text, "--dropout", "1");
        Refuse("--optimizer must be one of Adam, AdamW, RmsProp, Sgd, but is 'best'.", text, "--optimizer", "best");
        Refuse("given twice", text, "--train", text);
        Refuse("embedding", text, "--tied", "--embedding", "5");
        Refuse("cannot be loaded", "--load", text);
        Refuse("without a text to learn", text, "--load", text);
    }

    [Fact]
    public void Run_NoText_LearnsTheLibrarysOwnSource()
    {
        string before = Environment.CurrentDirectory;
        string root = Path.Combine(_folder, "repository");
        string source = Path.Combine(root, "src", "Lstm");
        Directory.CreateDirectory(source);
        File.WriteAllText(Path.Combine(root, "Lstm.sln"), string.Empty);
        File.WriteAllText(Path.Combine(source, "One.cs"), string.Concat(Enumerable.Repeat("int a = b;\n", 40)));

        Corpus corpus = Corpus.Read(new Settings { HeldBack = 0.1 }, [root]);

        Environment.CurrentDirectory.Should().Be(before);
        (corpus.Train.Length, corpus.Valid.Length, corpus.Test.Length).Should().Be((352, 44, 44));
        (corpus.Train + corpus.Valid + corpus.Test).Should().Be(File.ReadAllText(Path.Combine(source, "One.cs")));
        Action none = () => Corpus.Read(new Settings(), [_folder]);
        none.Should().Throw<Exception>().WithMessage("*no text*");
    }

    [Fact]
    public void BarView_Progress_ShowsTheEpochsLine()
    {
        using var output = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(output),
        });
        var view = new BarView(console, () => "a [sample]");
        TrainingReport report = view.Watch(progress =>
        {
            progress.Report(new TrainingProgress { Event = TrainingEvent.Step, Epoch = 1, Epochs = 2, StepsInEpoch = 3, ItemName = "tokens" });
            progress.Report(new TrainingProgress
            {
                Event = TrainingEvent.Epoch,
                Epoch = 1,
                Epochs = 2,
                StepsInEpoch = 3,
                Step = 3,
                Loss = 1.25,
                ItemName = "tokens",
            });
            return new TrainingReport { History = [], StopReason = StopReason.Completed, Steps = 3, Elapsed = TimeSpan.Zero };
        });

        report.Steps.Should().Be(3);
        output.ToString().Should().Contain("train 1.2500").And.Contain("a [sample]");
    }

    private static double Perplexity(string output, string name) => double.Parse(
        Regex.Match(output, $"^{name} perplexity ([0-9.]+)$", RegexOptions.Multiline).Groups[1].Value,
        CultureInfo.InvariantCulture);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private void Refuse(string message, params string[] options)
    {
        (int exit, string output, string error) = Run(options);
        error.Should().Contain(message);
        exit.Should().Be(2);
        output.Should().BeEmpty();
        File.Exists(Model).Should().BeFalse("nothing is written");
    }

    private (int Exit, string Output, string Error) Run(params string[] options)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int exit = LanguageModelCommand.Run([.. options, "--model", Model], output, error);
        return (exit, output.ToString().ReplaceLineEndings("\n"), error.ToString());
    }
}
