using System.Globalization;
using System.Xml.Linq;
using Forecasting;

namespace Lstm.Tests.Samples;

public sealed class ForecastingTests : IDisposable
{
    private static readonly string[] Quick = ["--epochs", "2", "--hidden", "4", "--threads", "1"];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private string Picture => Path.Combine(_folder.FullName, "forecast.svg");

    private string LossPicture => Path.Combine(_folder.FullName, "loss.svg");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Run_Airline_BeatsTheNaiveForecastsAndDrawsWellFormedPictures()
    {
        (int exit, string output, string error) = Run(["--threads", "1"]);

        (exit, error).Should().Be((0, string.Empty));
        double Mase(string name) => double.Parse(
            output.Split('\n').Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split(' ')[^1], CultureInfo.InvariantCulture);
        Mase("LSTM").Should().BeLessThan(Mase("seasonal naive")).And.BeLessThan(Mase("naive"));
        output.Should().MatchRegex(@"intervals of 90 % cover (8\d|9[0-7])\.\d %");
        foreach (string picture in new[] { Picture, LossPicture })
        {
            XElement svg = XDocument.Load(picture).Root!;
            svg.Name.LocalName.Should().Be("svg");
            svg.Descendants().Should().Contain(element => element.Name.LocalName == "polyline");
        }

        XDocument.Load(LossPicture).Descendants().Single(element => element.Name.LocalName == "polyline")
            .Attribute("points")!.Value.Split(' ').Should().HaveCount(70);
    }

    [Fact]
    public void Run_ColumnOfAFile_IsForecast()
    {
        string file = Write(Enumerable.Range(0, 60).Select(t => $"{t},{Math.Sin(t)},x"), "step,wave,note");

        (int exit, string output, string error) = Run(
            ["--file", file, "--column", "wave", "--window", "6", "--horizon", "3", "--season", "1", "--epochs", "1", "--hidden", "4"]);

        (exit, error).Should().Be((0, string.Empty));
        output.Should().StartWith("wave: 60 steps\nBacktest: learnt from the first 40, 18 forecasts of 3 steps");
        File.Exists(Picture).Should().BeTrue();
    }

    [Theory]
    [InlineData("1\n2\nNaN\n3\n", "line 4: column 'value' must have a finite number, but has 'NaN'")]
    [InlineData("1\n2\nx\n", "line 4: column 'value'")]
    [InlineData("1\n2,3\n", "line 3: there must be 1 cells")]
    [InlineData("1\n2\n3\n", "The series of 3 steps, the first 2 of them for the backtest's model to learn, does not fit the options: series must be of at least 36 steps beside 20 that are held back for intervals that cover a share of 0.9, but is of 2.\n")]
    [InlineData("1\n", "The series of 1 steps")]
    [InlineData("", "no line below")]
    public void Run_BadFile_IsRefusedAndNothingWritten(string lines, string message)
    {
        string file = Write([lines.TrimEnd('\n')], "value");

        (int exit, string output, string error) = Run(["--file", file]);

        (exit, output).Should().Be((2, string.Empty));
        error.Should().Contain(message);
        File.Exists(Picture).Should().BeFalse();
    }

    [Fact]
    public void Run_KnownColumns_AreUsedAndMustReachBehindTheSeries()
    {
        // The numbers are those of a column that is known; another is of no use.
        var random = new Random(3);
        double[] known = [.. Enumerable.Range(0, 124).Select(_ => random.NextDouble())];
        string[] options = ["--column", "sales", "--window", "6", "--season", "1", "--epochs", "20", "--threads", "1"];
        IEnumerable<string> Lines(int rows) =>
            Enumerable.Range(0, rows).Select(t => FormattableString.Invariant($"{known[t]},{(t < 120 ? 10 + known[t] : null)},{t % 2}"));
        string file = Write(Lines(124), "price,sales,holiday");

        (int exit, string output, string error) = Run([.. options, "--file", file, "--horizon", "4", "--known", "holiday, price"]);

        (exit, error).Should().Be((0, string.Empty));
        output.Should().StartWith("sales: 120 steps");
        double Mae(string name) => double.Parse(
            output.Split('\n').Single(line => line.StartsWith(name, StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[^3],
            CultureInfo.InvariantCulture);
        Mae("LSTM").Should().BeLessThan(0.6 * Mae("naive"));

        Bad("4", "--known", "price,cost").Should().Contain("no column 'cost'");
        Bad("4", "--known", "price,sales").Should().Contain("'sales' cannot be both forecast and known in advance");
        Bad("5", "--known", "price").Should().Contain("5 rows or more after the last number of 'sales'").And.Contain("but has 4");
        Bad("4").Should().Contain("line 122: column 'sales' must have a finite number, but has ''");
        Write(Enumerable.Repeat("1,,2", 9), "price,sales,holiday");
        Bad("4", "--known", "price").Should().Contain("line 2: column 'sales'");

        string Bad(string horizon, params string[] more)
        {
            (int badExit, string nothing, string problem) = Run([.. options, "--file", file, "--horizon", horizon, .. more]);
            (badExit, nothing).Should().Be((2, string.Empty));
            return problem;
        }
    }

    [Fact]
    public void Run_MissingFileColumnOrBadOption_IsRefused()
    {
        Run(["--file", Path.Combine(_folder.FullName, "missing.csv")]).Error.Should().Contain("missing.csv");
        Run(["--file", Write(["1"], "value"), "--column", "price"]).Error.Should().Contain("no column 'price', but 'value'");
        Run(["--horizon", "0"]).Exit.Should().Be(2);
        Run(["--column", "price"]).Error.Should().Contain("of a --file");
        Run(["--known", "price"]).Error.Should().Contain("of a --file");
        _folder.GetFiles("*.svg").Should().BeEmpty();
    }

    [Fact]
    public void Run_Airline_ComparesWithTheNaiveForecasts()
    {
        string output = Run(Quick).Output;

        // By a few lines of Python: 37 origins from the 96th month on, 12 steps each, MASE by the seasons of the first 96.
        output.Should().MatchRegex(@"\nseasonal naive +35\.543 +41\.167 +1\.217\nnaive +70\.626 +90\.573 +2\.419\n");
    }

    [Fact]
    public void Run_Airline_DrawsEveryPointWithinThePicture()
    {
        Run(Quick);

        XElement picture = XDocument.Load(Picture).Root!;
        (double X, double Y)[] band = Points(picture, "band");
        band.Should().HaveCount(26, "of the last month and the twelve after it, at both ends");
        Points(picture, "line history").Should().HaveCount(120);
        Points(picture, "line forecast").Should().HaveCount(13);
        band.Concat(Points(picture, "line history")).Should().AllSatisfy(
            point => (point.X is >= 0 and <= 960, point.Y is >= 0 and <= 480).Should().Be((true, true)));
        string[] texts = [.. picture.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value)];
        texts.Where(text => text.EndsWith("-01", StringComparison.Ordinal)).Should().StartWith(["1951-01", "1953-01"]);
        picture.Value.Should().Contain("prefers-color-scheme: dark");
    }

    [Fact]
    public void Run_FileWithoutNames_LosesNoRow()
    {
        string[] rows = [.. Enumerable.Range(0, 90).Select(t => $"day {t},{(t * t) % 11}")];
        string[] args = [.. Quick, "--season", "1", "--file"];
        string named = Run([.. args, Write(rows, "day,value")]).Output;

        (int exit, string output, string error) = Run([.. args, Write(rows[1..], rows[0])]);

        (exit, error).Should().Be((0, string.Empty));
        output.Should().StartWith("2: 90 steps\n").And.Be(named.Replace("value: 90", "2: 90", StringComparison.Ordinal));
    }

    [Fact]
    public void Run_QuotedCells_AreRead()
    {
        string file = Write(Enumerable.Range(0, 90).Select(t => $"\"{t}; or so\";{t % 7}"), "\"when\";\"a \"\"wave\"\"\"");

        (int exit, string output, string error) = Run([.. Quick, "--file", file, "--column", "a \"wave\""]);

        (exit, error).Should().Be((0, string.Empty));
        output.Should().StartWith("a \"wave\": 90 steps\n");
    }

    [Fact]
    public void Run_PictureThatCannotBeWritten_IsRefusedBeforeAnythingIsTrained()
    {
        string missing = Path.Combine(_folder.FullName, "missing", "picture.svg");
        using StringWriter output = new(CultureInfo.InvariantCulture);
        using StringWriter error = new(CultureInfo.InvariantCulture);

        int exit = ForecastingCommand.Run([.. Quick, "--picture", Picture, "--loss-picture", missing], output, error);

        (exit, output.ToString()).Should().Be((2, string.Empty));
        error.ToString().Should().Contain(missing).And.Contain("no such folder");
        _folder.GetFiles().Should().BeEmpty();
    }

    private static (double X, double Y)[] Points(XElement picture, string style)
    {
        XElement shape = picture.Elements().Single(
            element => (string?)element.Attribute("class") == style && element.Attribute("points") is not null);
        return
        [
            .. shape.Attribute("points")!.Value.Split(' ').Select(point => point.Split(','))
                .Select(pair => (double.Parse(pair[0], CultureInfo.InvariantCulture), double.Parse(pair[1], CultureInfo.InvariantCulture))),
        ];
    }

    private (int Exit, string Output, string Error) Run(string[] args)
    {
        using StringWriter output = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using StringWriter error = new(CultureInfo.InvariantCulture) { NewLine = "\n" };
        int exit = ForecastingCommand.Run([.. args, "--picture", Picture, "--loss-picture", LossPicture], output, error);
        return (exit, output.ToString(), error.ToString());
    }

    private string Write(IEnumerable<string> lines, string header)
    {
        string path = Path.Combine(_folder.FullName, "series.csv");
        File.WriteAllText(path, string.Join('\n', [header, .. lines]) + "\n");
        return path;
    }
}
