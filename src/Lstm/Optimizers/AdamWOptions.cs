namespace Lstm.Optimizers;

/// <summary>The settings of an <see cref="AdamWOptimizer{T}"/>: those of Adam, with a weight decay of 0.01 unless set.</summary>
public sealed record AdamWOptions : AdamOptions
{
    /// <summary>Makes the default settings.</summary>
    public AdamWOptions() => WeightDecay = 0.01;
}
