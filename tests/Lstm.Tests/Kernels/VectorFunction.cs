namespace Lstm.Tests.Kernels;

/// <summary>The functions of VectorMath.</summary>
public enum VectorFunction
{
    Exp,
    Sigmoid,
    Tanh,
}
