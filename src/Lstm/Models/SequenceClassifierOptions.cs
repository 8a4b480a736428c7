using Lstm.Data;

namespace Lstm.Models;

/// <summary>How a <see cref="SequenceClassifier{T, TLabel}"/> is made and trained.</summary>
public sealed record SequenceClassifierOptions
{
    /// <summary>H, the hidden units of a layer and direction; at least 1, and 64 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int HiddenUnits { get; init => field = Guard.Positive(value, nameof(HiddenUnits)); } = 64;

    /// <summary>The LSTM layers on top of each other; at least 1, and 1 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Layers { get; init => field = Guard.Positive(value, nameof(Layers)); } = 1;

    /// <summary>
    /// Whether each layer reads the sequence in both directions; true unless set. Without it the model can also answer step
    /// by step.
    /// </summary>
    public bool Bidirectional { get; init; } = true;

    /// <summary>What is taken of the hidden states of a sequence; their maximum unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public SequenceSummary Summary { get; init => field = Guard.Defined(value, nameof(Summary)); } = SequenceSummary.Maximum;

    /// <summary>The rate of dropout between layers and before the output, in training; at least 0, below 1, and 0.2 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Dropout { get; init => field = Guard.Rate(value, nameof(Dropout)); } = 0.2;

    /// <summary>How features are brought to the same size; to mean 0 and standard deviation 1 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public ScalingKind Scaling { get; init => field = Guard.Defined(value, nameof(Scaling)); } = ScalingKind.Standard;

    /// <summary>B, the sequences in a batch of training and of answers; at least 1, and 32 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int BatchSize { get; init => field = Guard.Positive(value, nameof(BatchSize)); } = 32;

    /// <summary>The weights, what is dropped and the order of the batches follow from it; 0 unless set.</summary>
    public int Seed { get; init; }
}
