namespace Lstm.Onnx;

/// <summary>The order of an LSTM's gates: i, o, f, c in ONNX, and i, f, g, o in this library, where g is ONNX's c.</summary>
internal static class GateOrder
{
    /// <summary>Where a row of this library's four blocks stands in ONNX's.</summary>
    public static int ToOnnx(int row, int units) => Place([0, 2, 3, 1], row, units);

    /// <summary>Where a row of this library's three blocks i, g, o of coupled gates stands among ONNX's four.</summary>
    public static int CoupledToOnnx(int row, int units) => Place([0, 3, 1], row, units);

    /// <summary>Where a peephole stands in ONNX's order i, o, f; this library's is i, f, o, or i, o of coupled gates.</summary>
    public static int PeepholeToOnnx(int row, int units, bool coupled) => Place(coupled ? [0, 1] : [0, 2, 1], row, units);

    /// <summary>Where a row of a GRU's three blocks r, z, n stands in ONNX's z, r, h.</summary>
    public static int GruToOnnx(int row, int units) => Place([1, 0, 2], row, units);

    private static int Place(ReadOnlySpan<int> blocks, int row, int units) => (blocks[row / units] * units) + (row % units);
}
