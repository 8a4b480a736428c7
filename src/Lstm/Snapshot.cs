using System.Numerics;

namespace Lstm;

/// <summary>
/// Named arrays, numbers and texts: everything needed to go on later as if nothing had stopped. What is set
/// is copied, so that a snapshot does not change with what it was taken from.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>: what weights and states are made of.</typeparam>
public sealed class Snapshot<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly SortedDictionary<string, T[]> _values;
    private readonly SortedDictionary<string, double[]> _numbers;
    private readonly SortedDictionary<string, string> _texts;
    private readonly string _prefix;

    /// <summary>Makes an empty snapshot.</summary>
    public Snapshot()
        : this(new(StringComparer.Ordinal), new(StringComparer.Ordinal), new(StringComparer.Ordinal), string.Empty) =>
        Guard.ElementType<T>();

    private Snapshot(
        SortedDictionary<string, T[]> values,
        SortedDictionary<string, double[]> numbers,
        SortedDictionary<string, string> texts,
        string prefix) => (_values, _numbers, _texts, _prefix) = (values, numbers, texts, prefix);

    /// <summary>All arrays, by their full names in ordinal order.</summary>
    public IReadOnlyDictionary<string, T[]> AllValues => _values;

    /// <summary>All numbers, by their full names in ordinal order.</summary>
    public IReadOnlyDictionary<string, double[]> AllNumbers => _numbers;

    /// <summary>All texts, by their full names in ordinal order.</summary>
    public IReadOnlyDictionary<string, string> AllTexts => _texts;

    /// <summary>The part whose names begin with a prefix: a view of the same snapshot in which names are given without it.</summary>
    /// <param name="prefix">Comes before each name that is set or asked for; by custom it ends with a dot.</param>
    /// <returns>A view of this snapshot.</returns>
    /// <exception cref="ArgumentException">The prefix is null or empty.</exception>
    public Snapshot<T> Part(string prefix)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        return new Snapshot<T>(_values, _numbers, _texts, _prefix + prefix);
    }

    /// <summary>Whether an array, numbers or a text of this name has been set.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True if something has the name.</returns>
    public bool Contains(string name) =>
        _values.ContainsKey(_prefix + name) || _numbers.ContainsKey(_prefix + name) || _texts.ContainsKey(_prefix + name);

    /// <summary>Keeps a copy of an array under a name; what had the name before is replaced.</summary>
    /// <param name="name">The name.</param>
    /// <param name="values">The array; may be empty.</param>
    public void SetValues(string name, ReadOnlySpan<T> values) => _values[_prefix + name] = values.ToArray();

    /// <summary>Keeps numbers that are double whatever T is: rates, sums, counts up to 2⁵³.</summary>
    /// <param name="name">The name.</param>
    /// <param name="numbers">The numbers; may be none.</param>
    public void SetNumbers(string name, params ReadOnlySpan<double> numbers) => _numbers[_prefix + name] = numbers.ToArray();

    /// <summary>Keeps a text under a name; what had the name before is replaced.</summary>
    /// <param name="name">The name.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="ArgumentNullException"><paramref name="text"/> is null.</exception>
    public void SetText(string name, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        _texts[_prefix + name] = text;
    }

    /// <summary>The array of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="length">The length that it must have; any if null.</param>
    /// <returns>The array, which must not be changed.</returns>
    /// <exception cref="InvalidDataException">There is no such array, or it has another length.</exception>
    public ReadOnlySpan<T> GetValues(string name, int? length = null) => Get(_values, name, "array", length);

    /// <summary>The numbers of a name.</summary>
    /// <param name="name">The name.</param>
    /// <param name="length">How many there must be; any number if null.</param>
    /// <returns>The numbers, which must not be changed.</returns>
    /// <exception cref="InvalidDataException">There are no such numbers, or another number of them.</exception>
    public ReadOnlySpan<double> GetNumbers(string name, int? length = null) => Get(_numbers, name, "numbers", length);

    /// <summary>The one number of a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The number.</returns>
    /// <exception cref="InvalidDataException">There is no such number, or more than one.</exception>
    public double GetNumber(string name) => GetNumbers(name, 1)[0];

    /// <summary>The one whole number of a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The number.</returns>
    /// <exception cref="InvalidDataException">There is no such number, or it is not whole or below 0.</exception>
    public long GetCount(string name)
    {
        const double largest = 1L << 53;
        double number = GetNumber(name);
        return number >= 0 && number <= largest && double.IsInteger(number)
            ? (long)number
            : throw new InvalidDataException($"{_prefix}{name} must be a count, but is {number}.");
    }

    /// <summary>The text of a name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The text.</returns>
    /// <exception cref="InvalidDataException">There is no such text.</exception>
    public string GetText(string name) =>
        _texts.TryGetValue(_prefix + name, out string? text) ? text : throw Missing(name, "text");

    /// <summary>Says how much the snapshot holds.</summary>
    /// <returns>For example <c>Snapshot&lt;Single&gt; of 12 arrays, 5 numbers, 2 texts</c>.</returns>
    public override string ToString() =>
        $"Snapshot<{typeof(T).Name}> of {_values.Count} arrays, {_numbers.Count} numbers, {_texts.Count} texts";

    private TItem[] Get<TItem>(SortedDictionary<string, TItem[]> items, string name, string kind, int? length)
    {
        TItem[] array = items.TryGetValue(_prefix + name, out TItem[]? found) ? found : throw Missing(name, kind);
        return length is null || array.Length == length
            ? array
            : throw new InvalidDataException($"{_prefix}{name} must have {length} elements, but has {array.Length}.");
    }

    private InvalidDataException Missing(string name, string kind) =>
        new($"There is no {kind} of the name {_prefix}{name} to go on with.");
}
