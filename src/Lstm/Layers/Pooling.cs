namespace Lstm.Layers;

/// <summary>How a <see cref="PoolLayer{T}"/> makes one step of many.</summary>
public enum Pooling
{
    /// <summary>The mean of the steps, feature by feature.</summary>
    Mean,

    /// <summary>The largest number among the steps, feature by feature; the gradient goes to the first step that has it.</summary>
    Maximum,
}
