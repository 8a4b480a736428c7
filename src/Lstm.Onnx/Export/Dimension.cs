namespace Lstm.Onnx.Export;

/// <summary>A dimension of an input or output: a size, or a name if it is open.</summary>
internal readonly record struct Dimension(int Size, string? Name)
{
    public static implicit operator Dimension(int size) => new(size, null);

    public static implicit operator Dimension(string name) => new(0, name);
}
