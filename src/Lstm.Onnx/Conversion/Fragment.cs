namespace Lstm.Onnx.Conversion;

/// <summary>A part of a layer that is not yet whole.</summary>
internal enum Fragment
{
    /// <summary>None.</summary>
    None,

    /// <summary>The steps, turned round: they are to be turned back after the layers of a <see cref="Layers.ReverseLayer{T}"/>.</summary>
    Reversal,

    /// <summary>The sum of the steps, to be divided by their number.</summary>
    Sum,

    /// <summary>The steps, of which all but each sequence's last are zero, to be added up.</summary>
    Ends,

    /// <summary>A softmax, which may stand at the end.</summary>
    Softmax,
}
