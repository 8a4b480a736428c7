namespace LanguageModel;

/// <summary>What the command line sets, and what it is unless set.</summary>
public sealed record Settings
{
    /// <summary>The text to learn; the library's own source files if null.</summary>
    public string? Train { get; init; }

    /// <summary>The text by which the best epoch is chosen; a part of the training text if null.</summary>
    public string? Valid { get; init; }

    /// <summary>The text that nothing is chosen by; a part of the training text if null.</summary>
    public string? Test { get; init; }

    /// <summary>The share of the training text that is held back for each of the two.</summary>
    public double HeldBack { get; init; } = 0.05;

    /// <summary>What a text is cut into.</summary>
    public TokenUnit Tokens { get; init; } = TokenUnit.Characters;

    /// <summary>The most tokens that the model knows.</summary>
    public int Vocabulary { get; init; } = 10_000;

    /// <summary>The hidden units of each layer.</summary>
    public int Hidden { get; init; } = 128;

    /// <summary>The LSTM layers.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>The numbers that stand for a token; as many as hidden units if -1, one-hot vectors if 0.</summary>
    public int Embedding { get; init; } = -1;

    /// <summary>The probability that training drops a number between two layers.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Whether the output layer has the embedding's weights.</summary>
    public bool Tied { get; init; }

    /// <summary>r, if all weights are drawn from U(−r, r); the layers' own ways if 0.</summary>
    public double InitialRange { get; init; }

    /// <summary>The forget gates' bias at the start; null for 1, or for a draw where there is an initial range.</summary>
    public double? ForgetBias { get; init; }

    /// <summary>The steps over which gradients run back.</summary>
    public int Steps { get; init; } = 64;

    /// <summary>The streams that are read side by side.</summary>
    public int Batch { get; init; } = 32;

    /// <summary>How often the text is gone through.</summary>
    public int Epochs { get; init; } = 15;

    /// <summary>What changes the weights.</summary>
    public OptimizerKind Optimizer { get; init; } = OptimizerKind.Adam;

    /// <summary>The learning rate at the start.</summary>
    public double LearningRate { get; init; } = 0.004;

    /// <summary>How the learning rate falls.</summary>
    public RateDecay Decay { get; init; } = RateDecay.Cosine;

    /// <summary>The epochs before the rate is divided.</summary>
    public int ConstantEpochs { get; init; } = 4;

    /// <summary>What the rate is divided by before each epoch after them.</summary>
    public double Divisor { get; init; } = 2;

    /// <summary>The largest norm, or magnitude of an element, of the gradient; no limit if 0.</summary>
    public double Clip { get; init; } = 1;

    /// <summary>What of the gradient is limited.</summary>
    public ClipKind ClipBy { get; init; } = ClipKind.Norm;

    /// <summary>Whether the loss of a chunk is the mean over its steps or their sum.</summary>
    public LossKind Loss { get; init; } = LossKind.Mean;

    /// <summary>The weights, and what dropout drops, follow from it.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The most threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Where the model is saved.</summary>
    public string Model { get; init; } = "language-model.safetensors";

    /// <summary>A saved model to generate from, without training; none if null.</summary>
    public string? Load { get; init; }

    /// <summary>What generated texts go on from; a line break or an end of a sentence if null.</summary>
    public string? Prompt { get; init; }

    /// <summary>The tokens that are generated.</summary>
    public int Length { get; init; } = 300;

    /// <summary>τ of the sampling.</summary>
    public double Temperature { get; init; } = 0.8;

    /// <summary>The most likely tokens that are chosen among; all if 0.</summary>
    public int TopK { get; init; }

    /// <summary>The share of the probability that is chosen among.</summary>
    public double TopP { get; init; } = 1;
}
