using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Lstm.Layers;

namespace StreamingService;

/// <summary>Sends steps of many keys over several connections, and compares each answer with that of the model alone.</summary>
public static class LoadTest
{
    /// <summary>Runs it.</summary>
    /// <param name="service">Where the service is.</param>
    /// <param name="network">The model that it serves.</param>
    /// <param name="options">How hard.</param>
    /// <exception cref="HttpRequestException">The service cannot be reached, or refuses a step.</exception>
    public static async Task<LoadReport> RunAsync(Uri service, Layer<float> network, LoadOptions options)
    {
        // New names each time, for a service that is tried again.
        string run = Guid.NewGuid().ToString("N");
        var clock = Stopwatch.StartNew();
        Connection[] connections =
        [
            .. Enumerable.Range(0, options.Connections).Select(n => new Connection(
                service,
                network,
                [.. Enumerable.Range(0, options.Keys).Where(key => key % options.Connections == n).Select(key => $"{run}-{key}")],
                options.Seed + n)),
        ];
        try
        {
            await Task.WhenAll(connections.Select(connection => Task.Run(() => connection.RunAsync(clock, options))));
        }
        finally
        {
            foreach (Connection connection in connections)
            {
                connection.Dispose();
            }
        }

        TimeSpan elapsed = clock.Elapsed;
        long[] times = [.. connections.SelectMany(connection => connection.Times).Order()];
        return new LoadReport(options, elapsed, connections.Sum(connection => connection.Wrong), times);
    }

    private sealed class Connection : IDisposable
    {
        private readonly SocketsHttpHandler _handler = new() { MaxConnectionsPerServer = 1, UseProxy = false };
        private readonly HttpClient _client;
        private readonly Layer<float> _network;
        private readonly (Uri Step, LayerState<float> State)[] _keys;
        private readonly Random _random;

        public Connection(Uri service, Layer<float> network, string[] keys, int seed)
        {
            _client = new HttpClient(_handler, disposeHandler: false);
            _network = network;
            _keys = [.. keys.Select(key => (new Uri(service, $"streams/{key}/step"), network.CreateState(1)))];
            _random = new Random(seed);
        }

        public List<long> Times { get; } = [];

        public long Wrong { get; private set; }

        public async Task RunAsync(Stopwatch clock, LoadOptions options)
        {
            if (_keys.Length == 0)
            {
                return;
            }

            float[] input = new float[_network.Inputs];
            float[] expected = new float[_network.Outputs];
            for (int step = 0; step < options.LeastSteps || clock.Elapsed < options.Duration; step++)
            {
                (Uri uri, LayerState<float> state) = _keys[_random.Next(_keys.Length)];
                for (int n = 0; n < input.Length; n++)
                {
                    input[n] = (2 * _random.NextSingle()) - 1;
                }

                long start = Stopwatch.GetTimestamp();
                StepResponse answer = await StepAsync(uri, input);
                Times.Add(Stopwatch.GetTimestamp() - start);
                _network.Step(input, state, expected);
                Wrong += answer.Output.AsSpan().SequenceEqual(expected) ? 0 : 1;
            }
        }

        public void Dispose()
        {
            _client.Dispose();
            _handler.Dispose();
        }

        private async Task<StepResponse> StepAsync(Uri uri, float[] input)
        {
            using var content = new ByteArrayContent(
                JsonSerializer.SerializeToUtf8Bytes(new StepRequest(input), MessageJson.Default.StepRequest));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using HttpResponseMessage response = await _client.PostAsync(uri, content);
            response.EnsureSuccessStatusCode();
            return JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(), MessageJson.Default.StepResponse)!;
        }
    }
}
