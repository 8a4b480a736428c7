using System.Diagnostics.Metrics;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Lstm.Layers;
using Lstm.Models;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using StreamingService;

namespace Lstm.Tests.Samples;

/// <summary>The service over real HTTP, on a port of its own for each test.</summary>
public class StreamingServiceTests
{
    private const int Inputs = 2;
    private static readonly ServiceOptions Defaults = new() { Url = new Uri("http://127.0.0.1:0") };

    [Fact]
    public async Task Step_ManyKeysFromManyConnections_EveryAnswerIsThatComputedAlone()
    {
        Network<float> network = CreateNetwork();
        await using Service service = await Service.StartAsync(network);
        var load = new LoadOptions { Keys = 100, Connections = 8, Duration = TimeSpan.Zero, LeastSteps = 50 };

        LoadReport report = await LoadTest.RunAsync(service.Uri, network, load);

        report.Wrong.Should().Be(0);
        report.Steps.Should().Be(8 * 50);
        JsonNode health = await service.GetAsync("health");
        ((int)health["keys"]!).Should().BeInRange(80, 100, "a key that was drawn at least once has a state");
        report.ToString().Should().Contain("every answer equals the answer computed alone");
    }

    [Fact]
    public async Task LoadTest_ServiceOfAnotherModel_FindsTheAnswersWrong()
    {
        await using Service service = await Service.StartAsync(CreateNetwork());
        var load = new LoadOptions { Keys = 4, Connections = 2, Duration = TimeSpan.Zero, LeastSteps = 5 };

        LoadReport report = await LoadTest.RunAsync(service.Uri, CreateNetwork(seed: 2), load);

        report.Wrong.Should().Be(report.Steps).And.Be(10);
    }

    [Fact]
    public async Task Step_OneKey_GivesWhatTheWholeSequenceGives()
    {
        Network<float> network = CreateNetwork();
        await using Service service = await Service.StartAsync(network);
        var whole = new Sequence<float>(3, 1, Inputs, [0.5f, -1, 2, 0, 0.25f, 1e-3f]);
        Sequence<float> expected = network.Infer(whole);

        for (int t = 0; t < 3; t++)
        {
            JsonNode answer = await service.StepAsync("one key/%C3%BC", $"[{whole[t, 0, 0]},{whole[t, 0, 1]}]");
            ((int)answer["step"]!).Should().Be(t + 1);
            ((float)answer["output"]![0]!).Should().BeApproximately(expected[t, 0, 0], 1e-5f, "rounding differs with the way");
        }

        ((int)(await service.GetAsync("streams/one%20key%2F%C3%BC"))["steps"]!).Should().Be(3);
    }

    [Fact]
    public async Task Step_OneKeyFromManyConnections_TakesEachStepOnce()
    {
        await using Service service = await Service.StartAsync(CreateNetwork());

        JsonNode[] answers = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => service.StepAsync("k", "[1,2]")));

        answers.Select(answer => (int)answer["step"]!).Should().BeEquivalentTo(Enumerable.Range(1, 64));
    }

    [Theory]
    [InlineData("k", "{\"input\":[1,2,3]}", 400, "2 finite numbers")]
    [InlineData("k", "{\"input\":[1,1e99]}", 400, "finite")]
    [InlineData("k", "{\"input\":[1,NaN]}", 400, "JSON")]
    [InlineData("k", "{\"input\":null}", 400, "input")]
    [InlineData("k", "null", 400, "input")]
    [InlineData("k", "", 400, "JSON")]
    [InlineData("k", "{\"input\":[1,", 400, "JSON")]
    [InlineData("long-key", "{\"input\":[1,2]}", 400, "at most 5 characters")]
    [InlineData("k", "{\"input\":[1,2]                                }", 413, "large")]
    public async Task Step_BadRequest_IsRefusedAndMakesNoState(string key, string body, int status, string reason)
    {
        await using Service service = await Service.StartAsync(
            CreateNetwork(), Defaults with { MaxKeyLength = 5, MaxRequestBytes = 32 });

        using HttpResponseMessage response = await service.PostAsync(key, body);

        ((int)response.StatusCode).Should().Be(status);
        ((string)JsonNode.Parse(await response.Content.ReadAsStringAsync())!["error"]!).Should().Contain(reason);
        ((int)(await service.GetAsync("health"))["keys"]!).Should().Be(0);
    }

    [Fact]
    public async Task Step_MoreKeysThanAllowed_AreRefusedUntilOneIsRemoved()
    {
        await using Service service = await Service.StartAsync(CreateNetwork(), Defaults with { MaxKeys = 2 });
        await service.StepAsync("a", "[1,2]");
        await service.StepAsync("b", "[1,2]");

        using HttpResponseMessage refused = await service.PostAsync("c", "{\"input\":[1,2]}");
        refused.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        ((int)(await service.StepAsync("a", "[1,2]"))["step"]!).Should().Be(2, "those that are there go on");

        (await service.DeleteAsync("a")).Should().Be(HttpStatusCode.NoContent);
        (await service.DeleteAsync("a")).Should().Be(HttpStatusCode.NotFound);
        ((int)(await service.StepAsync("c", "[1,2]"))["step"]!).Should().Be(1);
    }

    [Fact]
    public async Task Step_KeyThatWasSilent_BeginsAnew()
    {
        await using Service service = await Service.StartAsync(
            CreateNetwork(), Defaults with { IdleTime = TimeSpan.FromMilliseconds(40) });
        JsonNode first = await service.StepAsync("a", "[1,2]");

        while ((int)(await service.GetAsync("health"))["keys"]! > 0)
        {
            await Task.Delay(10);
        }

        (await service.StepAsync("a", "[1,2]")).ToJsonString().Should().Be(first.ToJsonString());
    }

    [Fact]
    public async Task Store_StepsWhileKeysAreRemoved_NeverLosesOne()
    {
        await using Service service = await Service.StartAsync(CreateNetwork(), Defaults with { IdleTime = TimeSpan.FromHours(1) });
        StreamStore store = service.App.Services.GetRequiredService<StreamStore>();
        long begun = 0;
        long removed = 0;

        Parallel.For(0, 4, thread =>
        {
            Span<float> output = stackalloc float[1];
            for (int n = 0; n < 2000; n++)
            {
                if (thread == 0)
                {
                    removed += store.Remove("a") ? 1 : 0;
                }
                else if (store.Step("a", [1, 2], output) == 1)
                {
                    Interlocked.Increment(ref begun);
                }
            }
        });

        (begun - removed).Should().Be(store.Count).And.BeInRange(0, 1);
    }

    [Fact]
    public async Task Metrics_StepsRefusalsAndKeys_AreCounted()
    {
        await using Service service = await Service.StartAsync(CreateNetwork(), Defaults with { MaxKeys = 1 });
        IMeterFactory factory = service.App.Services.GetRequiredService<IMeterFactory>();
        var seen = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, own) =>
        {
            if (instrument.Meter.Name == StreamMetrics.MeterName && instrument.Meter.Scope == factory)
            {
                own.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Add(instrument.Name, value < 1 ? "below a second" : "?"));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument.Name, $"{tags[0].Value} {value}"));
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Add(instrument.Name, $"{value}"));
        listener.Start();
        void Add(string name, string value)
        {
            lock (seen)
            {
                seen.Add($"{name} {value}");
            }
        }

        await service.StepAsync("a", "[1,2]");
        (await service.PostAsync("b", "{\"input\":[1,2]}")).Dispose();
        (await service.PostAsync("a", "?")).Dispose();
        listener.RecordObservableInstruments();
        await service.DeleteAsync("a");

        seen.Should().Equal(
            "stream.step.duration below a second",
            "stream.requests.refused full 1",
            "stream.requests.refused form 1",
            "stream.keys 1",
            "stream.keys.removed deleted 1");
    }

    [Fact]
    public async Task Stop_RequestUnderWay_IsAnsweredFirst()
    {
        using var layer = new WaitingLayer();
        await using Service service = await Service.StartAsync(layer);
        Task<JsonNode> answer = service.StepAsync("a", "[7]");
        await Task.Run(layer.Entered.Wait);

        Task stop = service.App.StopAsync();
        await Task.Delay(50);
        stop.IsCompleted.Should().BeFalse("a request is under way");
        layer.Leave.Set();

        ((float)(await answer)["output"]![0]!).Should().Be(7);
        await stop;
        await ((Func<Task>)(() => service.GetAsync("health"))).Should().ThrowAsync<HttpRequestException>();
    }

    private static Network<float> CreateNetwork(int seed = 1) =>
        new(new LstmLayer<float>(Inputs, 8, seed), new DenseLayer<float>(8, 1, seed));

    /// <summary>Gives its input, but only when it is let.</summary>
    private sealed class WaitingLayer() : Layer<float>(1, 1), IDisposable
    {
        public ManualResetEventSlim Entered { get; } = new();

        public ManualResetEventSlim Leave { get; } = new();

        public void Dispose()
        {
            Entered.Dispose();
            Leave.Dispose();
        }

        protected internal override void InferCore(
            ReadOnlySpan<float> input, Span<float> output, int steps, LayerState<float> state, StepMask? mask)
        {
            Entered.Set();
            Leave.Wait();
            input.CopyTo(output);
        }

        protected override void ForwardCore(
            Sequence<float> input, LayerState<float>? initialState, Sequence<float> output, LayerState<float> finalState) =>
            input.Values.CopyTo(output.Values);

        protected override void BackwardCore(
            Sequence<float> input,
            Sequence<float> output,
            Sequence<float> outputGradient,
            LayerState<float>? finalStateGradient,
            Sequence<float> inputGradient,
            LayerState<float> initialStateGradient) => outputGradient.Values.CopyTo(inputGradient.Values);
    }

    private sealed class Service : IAsyncDisposable
    {
        private readonly SocketsHttpHandler _handler = new() { UseProxy = false };
        private readonly HttpClient _client;

        private Service(WebApplication app)
        {
            App = app;
            _client = new HttpClient(_handler, disposeHandler: false) { BaseAddress = Uri };
        }

        public WebApplication App { get; }

        public Uri Uri => new(App.Urls.First());

        public static async Task<Service> StartAsync(Layer<float> network, ServiceOptions? options = null)
        {
            WebApplication app = StreamService.Create(network, options ?? Defaults);
            await app.StartAsync();
            return new Service(app);
        }

        public async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _client.GetStringAsync(new Uri(path, UriKind.Relative)))!;

        public async Task<HttpStatusCode> DeleteAsync(string key)
        {
            using HttpResponseMessage response = await _client.DeleteAsync(new Uri($"streams/{key}", UriKind.Relative));
            return response.StatusCode;
        }

        public async Task<HttpResponseMessage> PostAsync(string key, string body)
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            return await _client.PostAsync(new Uri($"streams/{key}/step", UriKind.Relative), content);
        }

        public async Task<JsonNode> StepAsync(string key, string input)
        {
            using HttpResponseMessage response = await PostAsync(
                Uri.EscapeDataString(Uri.UnescapeDataString(key)), $"{{\"input\":{input}}}");
            response.EnsureSuccessStatusCode();
            return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        }

        public async ValueTask DisposeAsync()
        {
            _client.Dispose();
            _handler.Dispose();
            await App.DisposeAsync();
        }
    }
}
