namespace Lstm.Onnx.Export;

/// <summary>What flows from one layer to the next: T × B × F numbers, or T × B indices of tokens.</summary>
internal readonly record struct Signal(string Name, bool IsTokens);
