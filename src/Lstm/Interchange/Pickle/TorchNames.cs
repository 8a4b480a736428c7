namespace Lstm.Interchange.Pickle;

/// <summary>The names of Python that a file of PyTorch may mention.</summary>
internal static class TorchNames
{
    /// <summary>The three that may stand where Python would call them, each replaced by what is made here.</summary>
    public static readonly PickleName OrderedDictionary = new("collections", "OrderedDict");
    public static readonly PickleName Tensor = new("torch._utils", "_rebuild_tensor_v2");
    public static readonly PickleName Parameter = new("torch._utils", "_rebuild_parameter");

    /// <summary>Types of storages, which may stand in the reference to one, and nowhere else.</summary>
    private static readonly Dictionary<string, string> Storages = new(StringComparer.Ordinal)
    {
        ["DoubleStorage"] = "F64",
        ["FloatStorage"] = "F32",
        ["HalfStorage"] = "F16",
        ["BFloat16Storage"] = "BF16",
        ["LongStorage"] = "I64",
        ["IntStorage"] = "I32",
        ["ShortStorage"] = "I16",
        ["CharStorage"] = "I8",
        ["ByteStorage"] = "U8",
        ["BoolStorage"] = "BOOL",
    };

    public static bool IsKnown(PickleName name) =>
        name == OrderedDictionary || name == Tensor || name == Parameter || StorageType(name) is not null;

    /// <summary>The type of a storage's numbers, as safetensors calls it; null if the name is none of a storage.</summary>
    public static string? StorageType(PickleName name) =>
        name.Module == "torch" ? Storages.GetValueOrDefault(name.Name) : null;
}
