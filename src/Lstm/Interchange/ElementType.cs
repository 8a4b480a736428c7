namespace Lstm.Interchange;

/// <summary>The type of a tensor's numbers in a file.</summary>
public enum ElementType
{
    /// <summary>A type that this library knows but does not read, such as integers.</summary>
    Other,

    /// <summary>Double precision, 64 bits (IEEE 754).</summary>
    F64,

    /// <summary>Single precision, 32 bits (IEEE 754).</summary>
    F32,

    /// <summary>Half precision, 16 bits (IEEE 754).</summary>
    F16,

    /// <summary>The upper 16 bits of single precision ("brain float").</summary>
    BF16,
}
