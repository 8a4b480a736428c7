using System.Numerics;
using Lstm.Losses;

namespace Lstm.Metrics;

/// <summary>The mean cross-entropy in bits instead of nats, <c>L / ln 2</c>: of a model over characters, bits a character.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class BitsPerCharacterMetric<T> : Metric<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "bits per character";

    /// <summary>False.</summary>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    /// <remarks>There is nothing to do: it follows from the loss.</remarks>
    public override void Add(Sequence<T> predictions, ReadOnlySpan<int> classes, ReadOnlySpan<T> weights)
    {
    }

    /// <inheritdoc/>
    public override double Value(LossSum loss) => loss.Mean / Math.Log(2);
}
