namespace Lstm.Data;

/// <summary>How a <see cref="FeatureScaling"/> brings features to the same size.</summary>
public enum ScalingKind
{
    /// <summary>Features stay as they are.</summary>
    None,

    /// <summary>To a mean of 0 and a standard deviation of 1.</summary>
    Standard,

    /// <summary>To the range from 0 to 1.</summary>
    Range,
}
