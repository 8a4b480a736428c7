namespace Lstm.Interchange.Pickle;

/// <summary>A dictionary, in the order in which it was filled.</summary>
internal sealed class PickleDictionary
{
    public List<KeyValuePair<object?, object?>> Items { get; } = [];
}
