namespace Lstm.Onnx.Export;

/// <summary>The order of an LSTM's gates: i, o, f, c in ONNX, and i, f, g, o in this library, where g is ONNX's c.</summary>
internal static class GateOrder
{
    /// <summary>Where a row of ONNX's four blocks stands in this library's.</summary>
    public static int FromOnnx(int row, int units)
    {
        ReadOnlySpan<int> blocks = [0, 3, 1, 2];
        return (blocks[row / units] * units) + (row % units);
    }
}
