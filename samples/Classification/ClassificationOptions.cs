using Lstm.Models;

namespace Classification;

/// <summary>What the command line sets, and what it is unless set.</summary>
public sealed record ClassificationOptions
{
    /// <summary>The file to learn from; sequences are made by the program if null.</summary>
    public string? Train { get; init; }

    /// <summary>The file to measure by.</summary>
    public string? Test { get; init; }

    /// <summary>How the model is made.</summary>
    public SequenceClassifierOptions Model { get; init; } = new();

    /// <summary>The epochs.</summary>
    public int Epochs { get; init; } = 40;

    /// <summary>The learning rate of AdamW at the start, which falls along half a cosine to zero.</summary>
    public double LearningRate { get; init; } = 0.005;

    /// <summary>The most threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Where the model is saved; nowhere if null.</summary>
    public string? Save { get; init; }
}
