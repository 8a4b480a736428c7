namespace Lstm.Tests.Reference;

/// <summary>All gradients of a <see cref="ReferenceLstm"/>, in the shapes of what they are the gradients of.</summary>
internal sealed class ReferenceGradients(int steps, int batch, int inputs, int units)
{
    public double[,] InputWeights { get; } = new double[4 * units, inputs];

    public double[,] RecurrentWeights { get; } = new double[4 * units, units];

    public double[,] Bias { get; } = new double[4 * units, 1];

    public double[,,] Input { get; } = new double[steps, batch, inputs];

    public double[,] InitialHidden { get; } = new double[units, batch];

    public double[,] InitialCell { get; } = new double[units, batch];
}
