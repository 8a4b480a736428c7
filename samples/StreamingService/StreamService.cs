using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Lstm.Layers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace StreamingService;

/// <summary>The web application.</summary>
public static class StreamService
{
    /// <summary>Makes it, ready to be started.</summary>
    /// <param name="network">The model. It must not be trained meanwhile.</param>
    /// <param name="options">The limits.</param>
    /// <param name="time">The clock; the system's if null.</param>
    public static WebApplication Create(Layer<float> network, ServiceOptions options, TimeProvider? time = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(options.Url.ToString());
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = options.MaxRequestBytes;
            server.Limits.MaxConcurrentConnections = options.MaxConnections;
        });
        builder.Services
            .Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTime)
            .AddSingleton(network)
            .AddSingleton(options)
            .AddSingleton<StreamMetrics>()
            .AddSingleton<StreamStore>()
            .AddHostedService<IdleSweep>()
            .TryAddSingleton(time ?? TimeProvider.System);

        WebApplication app = builder.Build();
        StreamStore store = app.Services.GetRequiredService<StreamStore>();
        StreamMetrics metrics = app.Services.GetRequiredService<StreamMetrics>();
        metrics.Watch(store);
        app.MapPost("/streams/{key}/step", context => StepAsync(context, store, options, metrics));
        app.MapGet("/streams/{key}", context => Find(context, store));
        app.MapDelete("/streams/{key}", context => Remove(context, store));
        app.MapGet("/health", context => Health(context, store, options, app.Lifetime.ApplicationStopping));
        return app;
    }

    private static async Task StepAsync(HttpContext context, StreamStore store, ServiceOptions options, StreamMetrics metrics)
    {
        string key = Key(context);
        try
        {
            if (key.Length > options.MaxKeyLength)
            {
                throw new BadHttpRequestException($"The key must have at most {options.MaxKeyLength} characters.");
            }

            float[] input = await ReadInputAsync(context, store.Network.Inputs);
            float[] output = new float[store.Network.Outputs];
            long step = store.Step(key, input, output);
            await (step > 0
                ? WriteAsync(context, StatusCodes.Status200OK, new StepResponse(step, output), MessageJson.Default.StepResponse)
                : RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"There is no room for a key beside {options.MaxKeys} others."));
        }
        catch (BadHttpRequestException exception)
        {
            metrics.Refused(exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? "size" : "form");
            await RefuseAsync(context, exception.StatusCode, exception.Message);
        }
    }

    private static async Task<float[]> ReadInputAsync(HttpContext context, int inputs)
    {
        StepRequest? request;
        try
        {
            request = await JsonSerializer.DeserializeAsync(
                context.Request.Body, MessageJson.Default.StepRequest, context.RequestAborted);
        }
        catch (JsonException exception)
        {
            throw new BadHttpRequestException($"The body must be JSON like {{\"input\":[0.5]}}. {exception.Message}", exception);
        }

        float[] input = request?.Input ?? throw new BadHttpRequestException("The body must have an \"input\".");
        if (input.Length != inputs || !Array.TrueForAll(input, float.IsFinite))
        {
            throw new BadHttpRequestException($"The input must be {inputs} finite numbers, but is [{string.Join(", ", input)}].");
        }

        return input;
    }

    private static Task Find(HttpContext context, StreamStore store) => store.Find(Key(context)) is var (steps, idle)
        ? WriteAsync(
            context, StatusCodes.Status200OK, new StreamResponse(steps, idle.TotalSeconds), MessageJson.Default.StreamResponse)
        : RefuseAsync(context, StatusCodes.Status404NotFound, "There is no state for this key.");

    private static Task Remove(HttpContext context, StreamStore store)
    {
        if (!store.Remove(Key(context)))
        {
            return RefuseAsync(context, StatusCodes.Status404NotFound, "There is no state for this key.");
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task Health(HttpContext context, StreamStore store, ServiceOptions options, CancellationToken stopping)
    {
        bool stops = stopping.IsCancellationRequested;
        var health = new HealthResponse(
            stops ? "stopping" : "ok", store.Count, options.MaxKeys, store.Network.Inputs, store.Network.Outputs);
        return WriteAsync(
            context,
            stops ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK,
            health,
            MessageJson.Default.HealthResponse);
    }

    private static string Key(HttpContext context) => (string)context.GetRouteValue("key")!;

    private static Task RefuseAsync(HttpContext context, int status, string reason) =>
        WriteAsync(context, status, new ErrorResponse(reason), MessageJson.Default.ErrorResponse);

    private static Task WriteAsync<TMessage>(HttpContext context, int status, TMessage message, JsonTypeInfo<TMessage> json)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(message, json, cancellationToken: context.RequestAborted);
    }
}
