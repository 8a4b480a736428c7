namespace Lstm.Interchange;

/// <summary>A tensor of a file: its name, type and shape.</summary>
public sealed class TensorInfo
{
    private readonly long[] _shape;

    internal TensorInfo(string name, int index, string typeName, long[] shape)
    {
        (Name, Index, TypeName, _shape) = (name, index, typeName, shape);
        ElementType = Enum.TryParse(typeName, out ElementType type) && Enum.GetName(type) == typeName ? type : ElementType.Other;
        Count = 1;
        foreach (long length in shape)
        {
            Count = checked(Count * length);
        }
    }

    /// <summary>What the tensor is called in the file.</summary>
    public string Name { get; }

    /// <summary>The type of its numbers.</summary>
    public ElementType ElementType { get; }

    /// <summary>The type as safetensors calls it: <c>F32</c>, <c>I64</c> and so on.</summary>
    public string TypeName { get; }

    /// <summary>The length of each dimension; none of a single number. The last runs fastest in memory.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>How many numbers there are, the product of the lengths.</summary>
    public long Count { get; }

    /// <summary>The place in <see cref="TensorFile.Tensors"/>.</summary>
    internal int Index { get; }

    /// <summary>Says what the tensor is, not what is in it.</summary>
    /// <returns>For example <c>weight_ih_l0, F32 of [128, 27]</c>.</returns>
    public override string ToString() => $"{Name}, {TypeName} of {Describe(_shape)}";

    internal static string Describe(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";
}
