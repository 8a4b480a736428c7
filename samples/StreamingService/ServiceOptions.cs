namespace StreamingService;

/// <summary>What the service allows itself and its clients.</summary>
public sealed record ServiceOptions
{
    /// <summary>Where it listens; port 0 takes any that is free.</summary>
    public Uri Url { get; init; } = new("http://127.0.0.1:5080");

    /// <summary>The most keys with a state at the same time. A client with another key is refused until one is free.</summary>
    public int MaxKeys { get; init; } = 10_000;

    /// <summary>The longest key, in characters.</summary>
    public int MaxKeyLength { get; init; } = 128;

    /// <summary>The largest body of a request.</summary>
    public int MaxRequestBytes { get; init; } = 4096;

    /// <summary>The most connections at the same time.</summary>
    public int MaxConnections { get; init; } = 1000;

    /// <summary>How long a state is kept for a client that is silent.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long requests may still take once the service has been asked to stop.</summary>
    public TimeSpan StopTime { get; init; } = TimeSpan.FromSeconds(10);
}
