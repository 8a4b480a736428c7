namespace Lstm.Onnx.Export;

/// <summary>What flows from one layer to the next.</summary>
/// <param name="Name">Its name: T × B × F numbers, or T × B indices of tokens.</param>
/// <param name="IsTokens">Whether it is indices of tokens.</param>
/// <param name="Padding">The lengths of the sequences; null if every step is there.</param>
internal readonly record struct Signal(string Name, bool IsTokens, Padding? Padding = null);
