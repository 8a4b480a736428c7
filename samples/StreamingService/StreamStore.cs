using System.Collections.Concurrent;
using Lstm.Layers;
using Lstm.Models;

namespace StreamingService;

/// <summary>The states of all keys: one model, and for each key a state of its own.</summary>
public sealed class StreamStore(Layer<float> network, ServiceOptions options, StreamMetrics metrics, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, StreamSession> _sessions = new(StringComparer.Ordinal);
    private readonly ModelStreams<float> _streams = new(network);

    // Counted apart, since the dictionary's own count locks all of it.
    private int _count;

    /// <summary>The model.</summary>
    public Layer<float> Network { get; } = network;

    /// <summary>The keys with a state.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes a step of a key's stream, which begins if there is none.</summary>
    /// <returns>The number of the step; 0 if there is no room for another key.</returns>
    public long Step(string key, ReadOnlySpan<float> input, Span<float> output)
    {
        long start = time.GetTimestamp();
        var wait = default(SpinWait);
        while (FindOrAdd(key) is { } session)
        {
            if (session.Step(input, output, start) is var step and > 0)
            {
                metrics.Stepped(time.GetElapsedTime(start));
                return step;
            }

            // Closed a moment ago, and about to leave the dictionary.
            wait.SpinOnce();
        }

        metrics.Refused("full");
        return 0;
    }

    /// <summary>The steps of a key's stream and the time since the last; null if there is none.</summary>
    public (long Steps, TimeSpan Idle)? Find(string key)
    {
        if (!_sessions.TryGetValue(key, out StreamSession? session))
        {
            return null;
        }

        (long steps, long lastUse) = session.Use;
        return (steps, time.GetElapsedTime(lastUse));
    }

    /// <summary>Forgets a key.</summary>
    /// <returns>Whether there was a state.</returns>
    public bool Remove(string key) =>
        _sessions.TryGetValue(key, out StreamSession? session) && Close(key, session, long.MaxValue, "deleted");

    /// <summary>Forgets the keys that have been silent for too long.</summary>
    /// <returns>How many they were.</returns>
    public int RemoveIdle()
    {
        long unusedSince = time.GetTimestamp() - (long)(options.IdleTime.TotalSeconds * time.TimestampFrequency);
        return _sessions.Count(pair => Close(pair.Key, pair.Value, unusedSince, "idle"));
    }

    private bool Close(string key, StreamSession session, long unusedSince, string reason)
    {
        if (!session.Close(unusedSince))
        {
            return false;
        }

        _sessions.TryRemove(new KeyValuePair<string, StreamSession>(key, session));
        Interlocked.Decrement(ref _count);
        metrics.Removed(reason);
        return true;
    }

    private StreamSession? FindOrAdd(string key)
    {
        if (_sessions.TryGetValue(key, out StreamSession? session))
        {
            return session;
        }

        if (Interlocked.Increment(ref _count) <= options.MaxKeys)
        {
            session = new StreamSession(_streams.Open(), time.GetTimestamp());
            if (_sessions.TryAdd(key, session))
            {
                return session;
            }
        }

        // No room, or another request of the same key was faster.
        Interlocked.Decrement(ref _count);
        return _sessions.GetValueOrDefault(key);
    }
}
