namespace Lstm.Onnx;

/// <summary>How a network is written as ONNX.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>The oldest set of operators that is written: the one with which PyTorch and Keras are at home.</summary>
    internal const int OldestOpset = 14;

    /// <summary>The newest set of operators that is written.</summary>
    internal const int NewestOpset = 22;

    /// <summary>The version of ONNX's set of operators, from 14 to 22; 17 unless set, which every current runtime knows.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public int Opset
    {
        get;
        init
        {
            if (value is < OldestOpset or > NewestOpset)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(Opset), value, $"Opset must be from {OldestOpset} to {NewestOpset}, but is {value}.");
            }

            field = value;
        }
    } = 17;

    /// <summary>
    /// Whether the states are inputs and outputs of the model, so that a stream can be run step by step or in chunks; true
    /// unless set. Without them, each run starts at zeros, or at what <see cref="Layers.LstmOptions.LearnInitialState"/> has learnt.
    /// </summary>
    public bool States { get; init; } = true;

    /// <summary>
    /// Whether the lengths of the sequences are an input of the model, <c>lengths</c>, B integers (int32) from 0 to T, so that a
    /// batch may hold sequences of different length, padded at their ends: what the network makes of an input with
    /// <see cref="StepMask.FromLengths"/>. What stands after the end of a sequence makes no difference, and the output there is
    /// zero. False unless set: every sequence then has all steps.
    /// </summary>
    public bool Lengths { get; init; }

    /// <summary>
    /// Whether a softmax over the features stands at the end, so that a classifier gives probabilities instead of logits;
    /// false unless set.
    /// </summary>
    public bool Softmax { get; init; }
}
