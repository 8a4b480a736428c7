namespace Lstm.Onnx.Operators;

/// <summary>How many elements the tensors of one run may have together.</summary>
internal sealed class ElementBudget(long elements)
{
    private long _left = elements;

    /// <summary>Takes what a new tensor needs.</summary>
    /// <returns>False if that is more than is left.</returns>
    public bool Take(long count)
    {
        _left -= count;
        return _left >= 0;
    }
}
