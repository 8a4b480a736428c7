namespace Lstm.Onnx;

/// <summary>Bounds that no sensible model comes near.</summary>
internal static class OnnxLimits
{
    /// <summary>The most dimensions of a tensor.</summary>
    public const int MaxRank = 16;
}
