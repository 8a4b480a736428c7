using System.Numerics;

namespace Lstm.Layers;

/// <summary>
/// A layer that drops or keeps numbers at random in training, as dropout and zoneout do. What a forward pass draws follows
/// from the layer's seed and the number of the pass alone. Inference draws nothing.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public abstract class StochasticLayer<T> : Layer<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const string CallName = "call";

    private protected StochasticLayer(int inputs, int outputs, params IReadOnlyList<Parameter<T>> parameters)
        : base(inputs, outputs, parameters)
    {
    }

    /// <summary>
    /// The number of the next forward pass, from 0. Each pass that may draw increases it, unless <see cref="Repeat"/> is on.
    /// Set it to go on where an earlier training stopped, or to go through the same passes again.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long Call { get; set => field = Guard.NotNegative(value, nameof(Call)); }

    /// <summary>
    /// Whether forward passes leave <see cref="Call"/> as it is, so that all passes of one shape draw the same; false unless
    /// set. <see cref="GradientCheck"/> needs it on while it runs, since it compares one pass with another.
    /// </summary>
    public bool Repeat { get; set; }

    /// <inheritdoc/>
    public override void SaveTraining(Snapshot<T> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        base.SaveTraining(snapshot);
        snapshot.SetNumbers(CallName, Call);
    }

    /// <inheritdoc/>
    public override void RestoreTraining(Snapshot<T> snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        base.RestoreTraining(snapshot);
        Call = snapshot.GetCount(CallName);
    }

    /// <summary>Goes on to the next number after a forward pass.</summary>
    private protected void CountCall() => Call += Repeat ? 0 : 1;
}
