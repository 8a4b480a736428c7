namespace Lstm.Onnx;

/// <summary>A dimension of a model's input or output.</summary>
/// <param name="Size">How long it is; null if it is open.</param>
/// <param name="Name">What an open one is called: dimensions of one name are meant to be of one size. May be null.</param>
public readonly record struct OnnxDimension(int? Size, string? Name)
{
    /// <summary>The size or, if it is open, the name; a question mark without one.</summary>
    /// <returns>For example <c>batch</c>.</returns>
    public override string ToString() => Size is int size ? $"{size}" : Name ?? "?";
}
