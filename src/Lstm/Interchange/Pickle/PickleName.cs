namespace Lstm.Interchange.Pickle;

/// <summary>A class or function of Python. It is a name here and nothing more: nothing is imported or called.</summary>
internal sealed record PickleName(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}
