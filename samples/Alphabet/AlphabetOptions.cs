namespace Alphabet;

/// <summary>What the command line sets, and what it is unless set.</summary>
public sealed record AlphabetOptions
{
    /// <summary>The text that is learnt, seven times over.</summary>
    public string Text { get; init; } = "abcdefghijklmnopqrstuvwxyz ";

    /// <summary>The characters to continue for.</summary>
    public int Length { get; init; } = 50;

    /// <summary>The seed of the weights.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The hidden units of the LSTM.</summary>
    public int Hidden { get; init; } = 32;

    /// <summary>The steps of a window.</summary>
    public int Window { get; init; } = 28;

    /// <summary>The most epochs to train for.</summary>
    public int Epochs { get; init; } = 400;

    /// <summary>The loss below which training is done.</summary>
    public double TargetLoss { get; init; } = 0.05;

    /// <summary>The learning rate η.</summary>
    public double LearningRate { get; init; } = 0.5;

    /// <summary>The momentum μ.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>The most threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
