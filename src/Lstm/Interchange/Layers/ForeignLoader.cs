using System.Numerics;
using Lstm.Layers;

namespace Lstm.Interchange.Layers;

/// <summary>Loads the weights of layers from a file with the names and layouts of another library.</summary>
internal sealed class ForeignLoader<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly TensorFile _file;
    private readonly Dialect _dialect;
    private readonly StateDictOptions _options;
    /// <summary>The modules of the file that no layer has taken yet.</summary>
    private readonly List<ModuleSlot> _remaining;

    // Of the layers that have been matched already: what is shared need not be in the file again.
    private readonly HashSet<Parameter<T>> _matched = [];

    public ForeignLoader(TensorFile file, Dialect dialect, StateDictOptions options)
    {
        (_file, _dialect, _options) = (file, dialect, options);
        _remaining = [.. ModuleSlot.Of(file, dialect)];
    }

    /// <summary>Loads all weights, or none.</summary>
    public void Load(Layer<T> layer)
    {
        var reads = new List<(LayerTensor<T> Tensor, T[]? Values)>();
        IReadOnlyList<WeightGroup<T>> groups = WeightGroup<T>.Of(layer, _dialect);
        Queue<ModuleSlot>? given = _options.Modules is null ? null : Given(groups, _options.Modules);
        foreach (WeightGroup<T> group in groups)
        {
            ModuleSlot slot = given?.Dequeue() ?? Choose(group);
            Read(group, slot, reads);
            _remaining.Remove(slot);
            _matched.UnionWith(group.Tensors.Select(item => item.Tensor.Parameter));
        }

        if (_remaining.Count > 0 && !_options.IgnoreOthers)
        {
            throw new ModelFormatException($"There are tensors in the file that no layer here takes: {Listed(_remaining)}.");
        }

        foreach ((LayerTensor<T> tensor, T[]? values) in reads)
        {
            tensor.Set(values);
        }
    }

    private static string Listed(IEnumerable<ModuleSlot> slots)
    {
        const int most = 12;
        string[] names = [.. slots.SelectMany(slot => slot.Tensors.Values).Select(tensor => $"{tensor}").Take(most + 1)];
        return names.Length <= most ? string.Join("; ", names) : string.Join("; ", names.Take(most)) + "; and others";
    }

    /// <summary>The modules that the caller has named, level by level.</summary>
    private Queue<ModuleSlot> Given(IReadOnlyList<WeightGroup<T>> groups, IReadOnlyList<string> modules)
    {
        var slots = new Queue<ModuleSlot>();
        foreach (string module in modules)
        {
            ModuleSlot[] levels = [.. _remaining.Where(slot => slot.Module == module).OrderBy(slot => slot.Level)];
            if (levels.Length == 0)
            {
                string[] others = [.. _remaining.Select(slot => $"'{slot.Module}'").Distinct().Take(12)];
                throw new ModelFormatException($"There is no module '{module}' in the file; there are {string.Join(", ", others)}.");
            }

            Array.ForEach(levels, slots.Enqueue);
        }

        return slots.Count == groups.Count && slots.Distinct().Count() == slots.Count
            ? slots
            : throw new ModelFormatException(
                $"The modules have {slots.Count} levels with weights, but here are {groups.Count} layers with weights: "
                + $"{string.Join("; ", groups)}.");
    }

    /// <summary>The first module that fits.</summary>
    private ModuleSlot Choose(WeightGroup<T> group)
    {
        ModuleSlot[] fitting = [.. _remaining.Where(slot => IsNext(slot) && Misfits(group, slot).Count == 0)];
        if (fitting.Length == 0)
        {
            throw NoneFits(group);
        }

        // Files other than safetensors keep the order of the model's modules.
        if (_file is not SafetensorsFile)
        {
            return fitting[0];
        }

        // Modules that differ by their numbers only are taken in the order of these.
        return fitting.Select(slot => WithoutDigits(slot.Module)).Distinct().Count() == 1
            ? fitting.MinBy(slot => slot.Module, NumberedComparer.Instance)!
            : throw new ModelFormatException(
                $"Several modules of the file fit the layer {group}: {string.Join(", ", fitting.Select(slot => $"'{slot.Module}'"))}. "
                + $"Say which by {nameof(StateDictOptions)}.{nameof(StateDictOptions.Modules)}.");
    }

    private ModelFormatException NoneFits(WeightGroup<T> group)
    {
        ModuleSlot? nearest = _remaining
            .Where(slot => IsNext(slot) && slot.Tensors.Keys.Any(key => group.Tensors.Any(item => Key(item) == key)))
            .MinBy(slot => Misfits(group, slot).Count);
        string reason = nearest is null ? "there is none of its kind" : string.Join("; ", Misfits(group, nearest));
        return new($"No module left in the file fits the layer {group}: {reason}. Left are: {Listed(_remaining)}.");
    }

    private static string WithoutDigits(string text) => string.Concat(text.Where(c => !char.IsAsciiDigit(c)));

    /// <summary>Whether no lower level of the same module is left.</summary>
    private bool IsNext(ModuleSlot slot) => !_remaining.Any(other => other.Module == slot.Module && other.Level < slot.Level);

    private static (string Name, bool Reverse) Key((LayerTensor<T> Tensor, bool Reverse) item) => (item.Tensor.Name, item.Reverse);

    private static bool IsBias(string name) => name.StartsWith("bias", StringComparison.Ordinal);

    /// <summary>What is wrong with a module for a layer: missing tensors, others, other shapes.</summary>
    private List<string> Misfits(WeightGroup<T> group, ModuleSlot slot)
    {
        var misfits = new List<string>();
        bool hasBias = slot.Tensors.Keys.Any(key => IsBias(key.Name));
        foreach ((LayerTensor<T> tensor, bool reverse) in group.Tensors)
        {
            if (slot.Tensors.TryGetValue((tensor.Name, reverse), out TensorInfo? found))
            {
                if (!found.Shape.SequenceEqual(tensor.Shape.Select(length => (long)length)))
                {
                    misfits.Add($"{found} should be of {TensorInfo.Describe(tensor.Shape.Select(length => (long)length))}");
                }
            }
            else if ((!IsBias(tensor.Name) || hasBias) && !_matched.Contains(tensor.Parameter))
            {
                misfits.Add($"'{slot.Module}' has no {tensor.Name}{(reverse ? " in reverse" : string.Empty)}");
            }
        }

        misfits.AddRange(slot.Tensors
            .Where(item => !group.Tensors.Any(own => Key(own) == item.Key))
            .Select(item => $"{item.Value} is not one of its tensors"));
        return misfits;
    }

    private void Read(WeightGroup<T> group, ModuleSlot slot, List<(LayerTensor<T> Tensor, T[]? Values)> reads)
    {
        List<string> misfits = Misfits(group, slot);
        if (misfits.Count > 0)
        {
            throw new ModelFormatException($"The module '{slot.Module}' does not fit the layer {group}: {string.Join("; ", misfits)}.");
        }

        foreach ((LayerTensor<T> tensor, bool reverse) in group.Tensors)
        {
            if (slot.Tensors.TryGetValue((tensor.Name, reverse), out TensorInfo? found))
            {
                reads.Add((tensor, _file.Read<T>(found.Name)));
            }
            else if (IsBias(tensor.Name))
            {
                reads.Add((tensor, null));
            }
        }
    }
}
