using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Lstm.Interchange;
using Lstm.Layers;
using StreamingService;

namespace Lstm.Tests.Samples;

public sealed partial class StreamingServiceCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    private string Model => Path.Combine(_folder.FullName, "model.safetensors");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Load_NoModelYet_TrainsOneAndSavesItAndFindsEveryAnswerRight()
    {
        string[] load = ["load", "--model", Model, "--epochs", "2", "--keys", "10", "--connections", "3", "--seconds", "0.1"];

        (int exit, string output, string error) = Run(load);
        (_, string again, _) = Run(load);

        (exit, error).Should().Be((0, string.Empty));
        output.Should().Contain("training").And.MatchRegex(@"10 keys from 3 connections for [0-9.]+ s: \d+ steps, \d+ a second\n")
            .And.MatchRegex(@"[0-9.]+ ms at the 99th percentile").And.Contain("every answer equals the answer computed alone");
        again.Should().NotContain("training", "the model is there");
    }

    [Fact]
    public void Train_ModelOfWaves_ForetellsThemBetterThanTheLastValueDoes()
    {
        using var output = new StringWriter();
        double[] wave = [.. Enumerable.Range(0, 200).Select(t => 0.8 * Math.Sin(0.3 * t))];
        var network = StreamModel.Train(150, seed: 1, output);
        LayerState<float> state = network.CreateState(1);
        float[] next = new float[1];
        double model = 0;
        double naive = 0;

        for (int t = 0; t < wave.Length - 1; t++)
        {
            network.Step([(float)wave[t]], state, next);
            model += Math.Pow(next[0] - wave[t + 1], 2);
            naive += Math.Pow(wave[t] - wave[t + 1], 2);
        }

        model.Should().BeLessThan(naive / 4);
    }

    [Fact]
    public void Run_FileThatIsNoModel_SaysSo()
    {
        File.WriteAllText(Model, "no model");

        (int exit, string output, string error) = Run("--model", Model);

        (exit, output).Should().Be((2, string.Empty));
        error.Should().NotBeEmpty();
        File.ReadAllText(Model).Should().Be("no model");
    }

    [Fact]
    public void Run_ModelThatNeedsTheWholeSequence_IsRefused()
    {
        LayerFile.Save(new ReverseLayer<float>(new LstmLayer<float>(1, 2)), Model);

        (int exit, _, string error) = Run("--model", Model);

        exit.Should().Be(2);
        error.Should().Contain("ReverseLayer").And.Contain("step by step");
    }

    [Theory]
    [InlineData("--url", "nowhere", "--url must be an address")]
    [InlineData("--url", "ftp://localhost", "--url must be an address")]
    [InlineData("--max-keys", "0", "--max-keys must be a whole number from 1")]
    [InlineData("--idle-seconds", "-1", "--idle-seconds must be a number from 0.01")]
    [InlineData("--max-request-bytes", "1", "--max-request-bytes must be")]
    public void Run_BadOption_SaysSoAndTrainsNothing(string option, string value, string message)
    {
        (int exit, string output, string error) = Run("--model", Model, option, value);

        (exit, output).Should().Be((2, string.Empty));
        error.Should().Contain(message);
        File.Exists(Model).Should().BeFalse();
    }

    [Fact]
    public async Task Program_ToldToTerminate_StopsAndReturns0()
    {
        string program = Path.ChangeExtension(typeof(ServiceCommand).Assembly.Location, "dll");
        var start = new ProcessStartInfo("dotnet", [program, "--model", Model, "--epochs", "1", "--url", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        using var client = new HttpClient();
        string line;
        Uri? address = null;
        while (address is null)
        {
            line = (await process.StandardOutput.ReadLineAsync())!;
            address = Listening().Match(line) is { Success: true } match ? new Uri(match.Groups[1].Value) : null;
        }

        HttpResponseMessage response = await client.PostAsJsonAsync(
            new Uri(address, "streams/a/step"), new { input = new[] { 0.5 } });
        ((int)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["step"]!).Should().Be(1);

        using Process kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        (await process.StandardOutput.ReadToEndAsync()).Should().Contain("Stopping");
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0);
    }

    [GeneratedRegex("^Listening on (http://[0-9.:]+)")]
    private static partial Regex Listening();

    private static (int Exit, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int exit = ServiceCommand.Run(args, output, error);
        return (exit, output.ToString().ReplaceLineEndings("\n"), error.ToString());
    }
}
