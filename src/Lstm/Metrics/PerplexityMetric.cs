using System.Numerics;
using Lstm.Losses;

namespace Lstm.Metrics;

/// <summary>
/// The perplexity of a language model: <c>exp(L)</c> of the mean cross-entropy L in nats a token. A model that knows
/// nothing has that of its vocabulary's size, and one that is always right and certain has 1.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class PerplexityMetric<T> : Metric<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    public override string Name => "perplexity";

    /// <summary>False.</summary>
    public override bool HigherIsBetter => false;

    /// <inheritdoc/>
    /// <remarks>There is nothing to do: it follows from the loss.</remarks>
    public override void Add(Sequence<T> predictions, ReadOnlySpan<int> classes, ReadOnlySpan<T> weights)
    {
    }

    /// <inheritdoc/>
    public override double Value(LossSum loss) => Math.Exp(loss.Mean);
}
