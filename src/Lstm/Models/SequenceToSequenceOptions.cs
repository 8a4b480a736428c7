namespace Lstm.Models;

/// <summary>How a <see cref="SequenceToSequence{T}"/> and its <see cref="EncoderDecoder{T}"/> are made and trained.</summary>
public sealed record SequenceToSequenceOptions
{
    /// <summary>D, the size of the vector that stands for a token, of source and target alike; at least 1, and 16 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int EmbeddingSize { get; init => field = Guard.Positive(value, nameof(EmbeddingSize)); } = 16;

    /// <summary>H, the hidden units of every LSTM layer; at least 1, and 128 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int HiddenUnits { get; init => field = Guard.Positive(value, nameof(HiddenUnits)); } = 128;

    /// <summary>The LSTM layers of the encoder, and of the decoder; at least 1, and 1 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Layers { get; init => field = Guard.Positive(value, nameof(Layers)); } = 1;

    /// <summary>
    /// Whether the encoder reads the source from its last token to its first, so that the first tokens of source and target
    /// are close to each other (Sutskever, Vinyals and Le 2014, "Sequence to sequence learning with neural networks"); true
    /// unless set.
    /// </summary>
    public bool ReverseSource { get; init; } = true;

    /// <summary>
    /// Whether the encoder's last hidden state is part of the input of the decoder's first LSTM layer and of the output
    /// layer at every step, and not the decoder's initial state alone (Cho et al. 2014, "Learning phrase representations
    /// using RNN encoder-decoder"; the name is that of <i>Deep Learning from Scratch 2</i>); true unless set.
    /// </summary>
    public bool Peeky { get; init; } = true;

    /// <summary>
    /// The rate of dropout after the embeddings and after every LSTM layer, in training; at least 0, where there is none,
    /// and below 1; 0 unless set.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Dropout { get; init => field = Guard.Rate(value, nameof(Dropout)); }

    /// <summary>
    /// The probability that a step of the decoder is given the token that is right before it in training; 1 unless set:
    /// teacher forcing. Otherwise the step gets the token that the model itself found most likely, as it will when it is
    /// used (scheduled sampling: Bengio, Vinyals, Jaitly and Shazeer 2015). Below 1, each training step runs the decoder
    /// once more, step by step.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not from 0 to 1.</exception>
    public double TeacherForcing { get; init => field = Guard.InRange(value, 0, 1, nameof(TeacherForcing)); } = 1;

    /// <summary>B, the pairs in a batch of training; at least 1, and 32 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int BatchSize { get; init => field = Guard.Positive(value, nameof(BatchSize)); } = 32;

    /// <summary>
    /// The weights, the order of the batches, dropout and the choices of scheduled sampling follow only from it; 0
    /// unless set.
    /// </summary>
    public int Seed { get; init; }
}
