namespace Lstm.Models;

/// <summary>How a <see cref="LanguageModel{T}"/> is made: its layers and their first weights.</summary>
public sealed record LanguageModelOptions
{
    /// <summary>H, the hidden units of each LSTM layer; at least 1, and 128 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int HiddenUnits { get; init => field = Guard.Positive(value, nameof(HiddenUnits)); } = 128;

    /// <summary>The LSTM layers, one on top of the other; at least 1, and 2 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Layers { get; init => field = Guard.Positive(value, nameof(Layers)); } = 2;

    /// <summary>
    /// D, the numbers that stand for a token and are learnt; null, unless set, for as many as hidden units. 0 for none: the
    /// first LSTM layer is given one-hot vectors, which suits some dozens of characters.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int? EmbeddingSize
    {
        get;
        init
        {
            Guard.NotNegative(value ?? 0, nameof(EmbeddingSize));
            field = value;
        }
    }

    /// <summary>
    /// The probability that training drops a number of the embedding, of what one layer hands to the next, and of the last
    /// layer's output, but never of what a layer hands to its own next step (Zaremba, Sutskever and Vinyals 2014, "Recurrent
    /// neural network regularization"). At least 0, below 1, and 0 (none) unless set.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Dropout { get; init => field = Guard.Rate(value, nameof(Dropout)); }

    /// <summary>
    /// Whether the output layer's matrix is that of the embedding (Press and Wolf 2017); false unless set. It needs an
    /// <see cref="EmbeddingSize"/> of as many numbers as hidden units.
    /// </summary>
    public bool Tied { get; init; }

    /// <summary>
    /// r, if all weights and biases are to be drawn from <c>U(−r, r)</c>, as the literature on language models often has it;
    /// at least 0. Null, unless set, for the layers' own ways, which suit most tasks.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative, infinite or NaN.</exception>
    public double? InitialRange { get; init => field = Guard.InRange(value, 0, double.PositiveInfinity, nameof(InitialRange)); }

    /// <summary>
    /// The forget gates' bias at the start; null, unless set, for 1, or for a draw as all others where there is an
    /// <see cref="InitialRange"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is infinite or NaN.</exception>
    public double? ForgetBias
    {
        get;
        init => field = Guard.InRange(value, double.NegativeInfinity, double.PositiveInfinity, nameof(ForgetBias));
    }

    /// <summary>The first weights, and what dropout drops, follow from it; 1 unless set.</summary>
    public int Seed { get; init; } = 1;
}
