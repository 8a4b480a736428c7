using System.Numerics;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>Writes the weights of layers with the names and in the layouts of another library.</summary>
internal static class ForeignExport<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public static TensorSet Write(Layer<T> layer, Dialect dialect, IReadOnlyList<string> modules)
    {
        IReadOnlyList<WeightGroup<T>> groups = WeightGroup<T>.Of(layer, dialect);
        var tensors = new TensorSet();
        foreach ((WeightGroup<T> group, string module, int level) in Named(groups, dialect, modules))
        {
            foreach ((LayerTensor<T> tensor, bool reverse) in group.Tensors)
            {
                tensors.Add(Name(module, tensor, level, reverse, dialect), tensor.Shape, tensor.ToArray());
            }
        }

        return tensors;
    }

    private static string Name(string module, LayerTensor<T> tensor, int level, bool reverse, Dialect dialect)
    {
        string separator = module.Length == 0 ? string.Empty : dialect == Dialect.PyTorch ? "." : "/";
        return new TensorNames(module + separator, level, reverse).Of(tensor.Name, tensor.IsRecurrent && dialect == Dialect.PyTorch);
    }

    private static IEnumerable<(WeightGroup<T> Group, string Module, int Level)> Named(
        IReadOnlyList<WeightGroup<T>> groups, Dialect dialect, IReadOnlyList<string> modules)
    {
        if (modules.Count == 0)
        {
            return groups.Select(group => (group, group.Path, 0));
        }

        if (modules.Count == groups.Count)
        {
            return groups.Select((group, n) => (group, modules[n], 0));
        }

        // Levels of one module, where a layer goes on with what the one before it has begun.
        var named = new List<(WeightGroup<T>, string, int)>();
        (int module, int level) = (-1, 0);
        for (int n = 0; n < groups.Count; n++)
        {
            bool next = dialect == Dialect.PyTorch && n > 0 && groups[n].IsNextLevelOf(groups[n - 1]);
            (module, level) = next ? (module, level + 1) : (module + 1, 0);
            named.Add((groups[n], modules.ElementAtOrDefault(module) ?? string.Empty, level));
        }

        Guard.Shape(
            module + 1 == modules.Count,
            $"{groups.Count} names, one for each layer with weights, or {module + 1}, one for each stack of them",
            $"{modules.Count}: {string.Join("; ", groups)}",
            nameof(modules));
        return named;
    }
}
