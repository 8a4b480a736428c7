namespace Lstm.Interchange;

/// <summary>How the tensors of another library are matched with the layers here.</summary>
public sealed record StateDictOptions
{
    /// <summary>
    /// The names of the modules in the file, in the order of the layers with weights here: <c>["embedding", "lstm", "fc"]</c>, say.
    /// A module of several levels (<c>num_layers</c>) stands for as many layers. The empty text is a file of one module, whose
    /// tensors have no prefix. Null, unless set: each layer takes the first module that fits by its tensors and their shapes.
    /// </summary>
    public IReadOnlyList<string>? Modules { get; init; }

    /// <summary>Whether tensors of other modules in the file are passed over; they are an error unless set.</summary>
    public bool IgnoreOthers { get; init; }
}
