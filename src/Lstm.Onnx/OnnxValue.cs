namespace Lstm.Onnx;

/// <summary>What a model takes or gives under a name.</summary>
/// <param name="Name">The name.</param>
/// <param name="IsInteger">Whether its elements are integers (or truth values) and not numbers.</param>
/// <param name="Shape">Its dimensions; null if the file does not say.</param>
public sealed record OnnxValue(string Name, bool IsInteger, IReadOnlyList<OnnxDimension>? Shape)
{
    /// <summary>The name and the dimensions.</summary>
    /// <returns>For example <c>input [steps, batch, 3]</c>.</returns>
    public override string ToString() => Shape is null ? Name : $"{Name} [{string.Join(", ", Shape)}]";
}
