namespace Lstm.Interchange.Pickle;

/// <summary>Where tensors have their numbers: a file of the zip. Several tensors may share one.</summary>
internal sealed record PickleStorage(string TypeName, string Key, long Count);
