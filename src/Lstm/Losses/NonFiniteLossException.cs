namespace Lstm.Losses;

/// <summary>
/// The loss became NaN or infinite, so that there is nothing to train on. It says at which time step of which sequence.
/// </summary>
/// <remarks>
/// The usual causes: NaN in the data, a learning rate that is too high, gradients that need clipping, or a target to
/// which the model gives the probability 0.
/// </remarks>
public sealed class NonFiniteLossException : ArithmeticException
{
    /// <summary>Makes an exception that does not say where.</summary>
    public NonFiniteLossException()
        : this("The loss became NaN or infinite.")
    {
    }

    /// <summary>Makes an exception with a given message.</summary>
    /// <param name="message">What happened.</param>
    public NonFiniteLossException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a given message and what led to it.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="innerException">What led to it.</param>
    public NonFiniteLossException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception that says where.</summary>
    /// <param name="step">t, the time step, from 0.</param>
    /// <param name="sequence">b, the sequence within the batch, from 0.</param>
    /// <param name="loss">What the loss became: NaN, infinite, or more than the element type can hold.</param>
    public NonFiniteLossException(int step, int sequence, double loss)
        : this($"The loss became {loss} at step {step} of sequence {sequence}; there is no gradient to train on.")
    {
        (Step, Sequence) = (step, sequence);
    }

    /// <summary>t, the time step whose term was the first to make the loss NaN or infinite; −1 if not known.</summary>
    public int Step { get; } = -1;

    /// <summary>b, the sequence within the batch, at <see cref="Step"/>; −1 if not known.</summary>
    public int Sequence { get; } = -1;
}
