using Microsoft.Extensions.Hosting;

namespace StreamingService;

/// <summary>Looks for keys that have been silent for too long, four times within that time.</summary>
public sealed class IdleSweep(StreamStore store, ServiceOptions options, TimeProvider time) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.IdleTime / 4, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                store.RemoveIdle();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }
}
