using System.Globalization;

namespace Lstm.Interchange.Layers;

/// <summary>The tensors of a file that belong together: a module, or one level of a recurrent one.</summary>
internal sealed class ModuleSlot(string module, int level)
{
    /// <summary>Levels are written with so many digits at most.</summary>
    private const int MostDigits = 4;

    private const string ReverseEnd = "_reverse";

    private static readonly string[] RecurrentNames =
    [
        RecurrentTensors.InputWeights, RecurrentTensors.RecurrentWeights, RecurrentTensors.InputBias,
        RecurrentTensors.RecurrentBias, RecurrentTensors.Projection,
    ];

    /// <summary>What the module is called.</summary>
    public string Module => module;

    public int Level => level;

    /// <summary>The tensors by what they are called within the module, and whether they are of the reverse direction.</summary>
    public Dictionary<(string Name, bool Reverse), TensorInfo> Tensors { get; } = [];

    /// <summary>Sorts the tensors of a file into modules, in the file's order.</summary>
    public static IReadOnlyList<ModuleSlot> Of(TensorFile file, Dialect dialect)
    {
        var slots = new Dictionary<(string, int), ModuleSlot>();
        foreach (TensorInfo tensor in file.Tensors)
        {
            (string module, string name, int level, bool reverse) = dialect == Dialect.PyTorch
                ? SplitPyTorch(tensor.Name)
                : SplitKeras(tensor.Name);
            if (!slots.TryGetValue((module, level), out ModuleSlot? slot))
            {
                slot = new ModuleSlot(module, level);
                slots.Add((module, level), slot);
            }

            if (!slot.Tensors.TryAdd((name, reverse), tensor))
            {
                throw new ModelFormatException($"The tensor {tensor} is there twice.");
            }
        }

        return [.. slots.Values];
    }

    public override string ToString() => string.Join(", ", Tensors.Values);

    private static (string Module, string Name, int Level, bool Reverse) SplitPyTorch(string name)
    {
        int point = name.LastIndexOf('.');
        (string module, string last) = (name[..Math.Max(point, 0)], name[(point + 1)..]);
        bool reverse = last.EndsWith(ReverseEnd, StringComparison.Ordinal);
        string stem = reverse ? last[..^ReverseEnd.Length] : last;
        int at = stem.LastIndexOf("_l", StringComparison.Ordinal);
        return at > 0 && stem.Length - at - 2 <= MostDigits && RecurrentNames.Contains(stem[..at])
            && int.TryParse(stem.AsSpan(at + 2), NumberStyles.None, CultureInfo.InvariantCulture, out int level)
                ? (module, stem[..at], level, reverse)
                : (module, last, 0, false);
    }

    private static (string Module, string Name, int Level, bool Reverse) SplitKeras(string name)
    {
        const string oldEnd = ":0";
        string whole = name.EndsWith(oldEnd, StringComparison.Ordinal) ? name[..^oldEnd.Length] : name;
        int slash = whole.LastIndexOfAny(['/', '.']);
        return (whole[..Math.Max(slash, 0)], whole[(slash + 1)..], 0, false);
    }
}
