namespace Lstm.Kernels;

/// <summary>
/// Gates one after the other, each padded to whole vectors: how the general recurrent engine keeps z, so that a gate is a
/// piece of memory on its own. (<see cref="GateOrder"/> has the gates of one vector of units together.)
/// </summary>
internal readonly struct GateBlocks(int count, int units, int lanes)
{
    /// <summary>The gates.</summary>
    public int Count => count;

    /// <summary>H, the units of each.</summary>
    public int Units => units;

    /// <summary>From one gate to the next: H, rounded up to whole vectors.</summary>
    public int Stride { get; } = (units + lanes - 1) / lanes * lanes;

    /// <summary>All gates with their padding.</summary>
    public int Rows => count * Stride;
}
