namespace Lstm.Onnx;

/// <summary>How an ONNX model is loaded.</summary>
public sealed record OnnxLoadOptions
{
    /// <summary>
    /// The most elements that the tensors of one run may have together, at least 1; 2²⁸ (1 GB in single precision) unless
    /// set. It bounds what a model from elsewhere can make of small inputs.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long MaximumElements
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1, nameof(MaximumElements));
            field = value;
        }
    } = 1L << 28;
}
