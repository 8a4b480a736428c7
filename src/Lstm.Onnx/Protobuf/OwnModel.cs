namespace Lstm.Onnx.Protobuf;

/// <summary>By what a model that this library wrote is known, and its states.</summary>
internal static class OwnModel
{
    /// <summary>Who wrote it.</summary>
    public const string Producer = "Lstm";

    /// <summary>What the names of inputs that are states begin with.</summary>
    public const string StatePrefix = "state.";

    /// <summary>The key of the metadata that says that the states do not start at zeros, but must be given.</summary>
    public const string GivenStates = "lstm.given_states";
}
