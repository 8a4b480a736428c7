namespace Lstm.Models;

/// <summary>How <see cref="Network"/> stacks layers. The defaults are PyTorch's for <c>num_layers=2</c>.</summary>
public sealed record StackOptions
{
    /// <summary>The layers on top of each other; at least 1, and 2 unless set.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int Layers { get; init => field = Guard.Positive(value, nameof(Layers)); } = 2;

    /// <summary>
    /// The rate of dropout between the layers, in training: on the output of each but the last. At least 0, which is none, and
    /// the default, and below 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of its range.</exception>
    public double Dropout { get; init => field = Guard.Rate(value, nameof(Dropout)); }

    /// <summary>
    /// Whether each layer adds its input to its output, where the two have as many features: all but the first, as a rule.
    /// False unless set.
    /// </summary>
    public bool Residual { get; init; }

    /// <summary>Whether each layer is one of two directions, whose outputs stand beside each other; false unless set.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>Whether only the last step of each sequence is given; false, all steps, unless set.</summary>
    public bool LastStepOnly { get; init; }
}
