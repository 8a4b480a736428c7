namespace Addition;

/// <summary>
/// What the command line sets, and what it is unless set: the sizes of <i>Deep Learning from Scratch 2</i>, chapter 7, whose
/// learning rate is 0.001 throughout.
/// </summary>
public sealed record AdditionOptions
{
    /// <summary>The file of sums; made by the program if null.</summary>
    public string? File { get; init; }

    /// <summary>The sums that the program makes.</summary>
    public int Examples { get; init; } = 50_000;

    /// <summary>The share of the sums that is held back.</summary>
    public double HeldBack { get; init; } = 0.1;

    /// <summary>Whether the question is read from its end.</summary>
    public bool Reverse { get; init; } = true;

    /// <summary>Whether the decoder sees the encoder's last hidden state at every step.</summary>
    public bool Peeky { get; init; } = true;

    /// <summary>The numbers that stand for a character.</summary>
    public int Embedding { get; init; } = 16;

    /// <summary>The hidden units of encoder and decoder.</summary>
    public int Hidden { get; init; } = 128;

    /// <summary>The sums in a batch.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>The epochs.</summary>
    public int Epochs { get; init; } = 25;

    /// <summary>The learning rate of Adam, at the start.</summary>
    public double LearningRate { get; init; } = 0.002;

    /// <summary>
    /// Whether the learning rate falls along half a cosine to zero at the end, so that the last epochs do not wander.
    /// </summary>
    public bool Decay { get; init; } = true;

    /// <summary>The gradients of all parameters together are no longer than this.</summary>
    public double Clip { get; init; } = 5;

    /// <summary>The seed of the sums, of what is held back, and of the weights.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The most threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Where the model is saved; nowhere if null.</summary>
    public string? Save { get; init; }
}
