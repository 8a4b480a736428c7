namespace StreamingService;

/// <summary>How hard a service is tried.</summary>
public sealed record LoadOptions
{
    /// <summary>The keys, each with a stream of its own.</summary>
    public int Keys { get; init; } = 1000;

    /// <summary>The connections, each with its share of the keys and one request at a time.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>How long.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The steps that each connection takes at least, however long that is.</summary>
    public int LeastSteps { get; init; } = 1;

    /// <summary>What is sent, and in which order of the keys, follows from it.</summary>
    public int Seed { get; init; } = 1;
}
