namespace Lstm.Interchange.Layers;

/// <summary>Whose names and layouts of weights.</summary>
internal enum Dialect
{
    PyTorch,
    Keras,
}
