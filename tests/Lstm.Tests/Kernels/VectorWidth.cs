namespace Lstm.Tests.Kernels;

/// <summary>The widths that a kernel is compiled for; those that the processor lacks run as software.</summary>
public enum VectorWidth
{
    Scalar,
    Bits128,
    Bits256,
    Bits512,
}
