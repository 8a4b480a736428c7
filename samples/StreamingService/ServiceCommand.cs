using System.CommandLine;
using Lstm.Interchange;
using Lstm.Layers;
using Microsoft.AspNetCore.Builder;
using Samples.Common;

namespace StreamingService;

/// <summary>The command line.</summary>
public static class ServiceCommand
{
    private const int Right = 0;
    private const int Wrong = 1;
    private static readonly Uri AnyFreePort = new("http://127.0.0.1:0");

    /// <summary>Runs the program.</summary>
    /// <param name="args">The options.</param>
    /// <param name="output">Where it says where it listens, and what came of a load test.</param>
    /// <param name="error">Where it says what went wrong.</param>
    /// <returns>0 if it ended as it was meant to, 1 if an answer was wrong or the service failed, 2 if an option or the model is bad.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var defaults = new ServiceOptions();
        var load = new LoadOptions();
        Option<string> model = CommandLine.Text("--model", "The file of the model; trained and written if there is none", "waves.safetensors");
        Option<int> epochs = CommandLine.Number("--epochs", "The epochs to train the model for", 300, 1, 1_000_000);
        Option<int> seed = CommandLine.Number("--seed", "The seed of the model's weights and waves", 1, int.MinValue, int.MaxValue);
        Option<Uri> url = Address("--url", "Where to listen", defaults.Url);
        Option<int> keys = CommandLine.Number("--max-keys", "The most keys with a state", defaults.MaxKeys, 1, 100_000_000);
        Option<int> bytes = CommandLine.Number("--max-request-bytes", "The largest body", defaults.MaxRequestBytes, 16, 1 << 30);
        Option<double> idle = CommandLine.Number(
            "--idle-seconds", "How long the state of a silent key is kept", defaults.IdleTime.TotalSeconds, 0.01, 1e6);
        var command = new RootCommand("Serves a model step by step, with a state for each client's key.")
        {
            model, epochs, seed, url, keys, bytes, idle,
        };
        command.SetAction(result => WithModel(
            () => StreamModel.LoadOrTrain(
                result.GetRequiredValue(model), result.GetRequiredValue(epochs), result.GetRequiredValue(seed), output),
            error,
            network => Serve(network, Limits(result), output)));

        Option<Uri> target = Address("--service", "The service to try; port 0 stands for one of its own", AnyFreePort);
        Option<int> loadKeys = CommandLine.Number("--keys", "The keys", load.Keys, 1, 10_000_000);
        Option<int> connections = CommandLine.Number("--connections", "The connections", load.Connections, 1, 10_000);
        Option<double> seconds = CommandLine.Number("--seconds", "How long", load.Duration.TotalSeconds, 0.01, 1e6);
        var tried = new Command("load", "Tries a service with many keys at once, and checks every answer.")
        {
            model, epochs, seed, target, loadKeys, connections, seconds,
        };
        tried.SetAction(result => WithModel(
            () => StreamModel.LoadOrTrain(
                result.GetRequiredValue(model), result.GetRequiredValue(epochs), result.GetRequiredValue(seed), output),
            error,
            network => Try(
                network,
                result.GetRequiredValue(target),
                load with
                {
                    Keys = result.GetRequiredValue(loadKeys),
                    Connections = result.GetRequiredValue(connections),
                    Duration = TimeSpan.FromSeconds(result.GetRequiredValue(seconds)),
                },
                output)));
        command.Add(tried);
        return CommandLine.Run(command, args, output, error);

        ServiceOptions Limits(ParseResult result) => defaults with
        {
            Url = result.GetRequiredValue(url),
            MaxKeys = result.GetRequiredValue(keys),
            MaxRequestBytes = result.GetRequiredValue(bytes),
            IdleTime = TimeSpan.FromSeconds(result.GetRequiredValue(idle)),
        };
    }

    private static Option<Uri> Address(string name, string description, Uri standard) => new(name)
    {
        Description = description,
        HelpName = "url",
        DefaultValueFactory = _ => standard,
        CustomParser = result =>
        {
            string given = result.Tokens.Single().Value;
            bool isAddress = Uri.TryCreate(given, UriKind.Absolute, out Uri? address) && address.Scheme == Uri.UriSchemeHttp;
            if (!isAddress)
            {
                result.AddError($"{name} must be an address as {standard}, but is '{given}'.");
            }

            return address;
        },
    };

    private static int WithModel(Func<Layer<float>> find, TextWriter error, Func<Layer<float>, int> run)
    {
        Layer<float> network;
        try
        {
            network = find();
        }
        catch (Exception exception) when (exception is ModelFormatException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(exception.Message);
            return CommandLine.BadUsage;
        }

        if (!network.IsCausal || network.GivesOneStep)
        {
            error.WriteLine($"{network} cannot be asked step by step.");
            return CommandLine.BadUsage;
        }

        try
        {
            return run(network);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            error.WriteLine(exception.Message);
            return Wrong;
        }
    }

    private static int Serve(Layer<float> network, ServiceOptions options, TextWriter output)
    {
        using WebApplication app = StreamService.Create(network, options);
        app.Lifetime.ApplicationStarted.Register(() => output.WriteLine($"Listening on {string.Join(' ', app.Urls)}"));
        app.Lifetime.ApplicationStopping.Register(() => output.WriteLine("Stopping: no more connections; requests are finished."));
        app.Run();
        return Right;
    }

    private static int Try(Layer<float> network, Uri service, LoadOptions options, TextWriter output)
    {
        Task<LoadReport> load = service == AnyFreePort ? TryOwnAsync(network, options) : LoadTest.RunAsync(service, network, options);
        LoadReport report = load.GetAwaiter().GetResult();
        output.WriteLine(report);
        return report.Wrong == 0 ? Right : Wrong;
    }

    private static async Task<LoadReport> TryOwnAsync(Layer<float> network, LoadOptions options)
    {
        await using WebApplication app = StreamService.Create(
            network, new ServiceOptions { Url = AnyFreePort, MaxKeys = options.Keys, MaxConnections = options.Connections });
        await app.StartAsync();
        LoadReport report = await LoadTest.RunAsync(new Uri(app.Urls.First()), network, options);
        await app.StopAsync();
        return report;
    }
}
